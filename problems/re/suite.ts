import { brake, coilSpring, gearTrain, rocketInjector, speedReducer } from './machines.js';
import { constrained, penalised } from './model.js';
import { concreteBeam, fourBarTruss, hatchCover, pressureVessel, twoBar, weld } from './structures.js';
import { bulkCarrier, carCab, crashworthiness, sideImpact, waterResources } from './vehicles.js';

/**
 * The real-world problems of Tanabe and Ishibuchi (Applied Soft Computing 89, 106078, 2020), as their programs define them
 * after the corrections up to May 2021. The first digit of a name is its number of objectives. An RE problem has no
 * constraints: where its source had some, the sum of their violations is its last objective. A CRE problem keeps them. Each
 * constraint here is turned to `g <= 0`. Whole numbers are integer variables, which the programs get by rounding.
 */

/** RE21, the four-bar truss. */
export const re21 = () => constrained('re21', fourBarTruss);
/** RE22, the reinforced concrete beam: one variable is a place in the list of bars. */
export const re22 = () => penalised('re22', concreteBeam);
/** RE23, the pressure vessel: two whole numbers. */
export const re23 = () => penalised('re23', pressureVessel);
/** RE24, the hatch cover. */
export const re24 = () => penalised('re24', hatchCover);
/** RE25, the coil spring: a whole number and a place in the list of wires. */
export const re25 = () => penalised('re25', coilSpring);
/** RE31, the two-bar truss. */
export const re31 = () => penalised('re31', twoBar);
/** RE32, the welded beam. */
export const re32 = () => penalised('re32', weld);
/** RE33, the disc brake. */
export const re33 = () => penalised('re33', brake);
/** RE34, the crashworthiness of a vehicle. */
export const re34 = () => constrained('re34', crashworthiness);
/** RE35, the speed reducer: one whole number. */
export const re35 = () => penalised('re35', speedReducer);
/** RE36, the gear train: four whole numbers. */
export const re36 = () => penalised('re36', gearTrain);
/** RE37, the rocket injector. */
export const re37 = () => constrained('re37', rocketInjector);
/** RE41, car side impact. */
export const re41 = () => penalised('re41', sideImpact);
/** RE42, the bulk carrier. */
export const re42 = () => penalised('re42', bulkCarrier);
/** RE61, water resources. */
export const re61 = () => penalised('re61', waterResources);
/** RE91, the car cab. */
export const re91 = () => constrained('re91', carCab);

/** CRE21, the two-bar truss of RE31. */
export const cre21 = () => constrained('cre21', twoBar);
/** CRE22, the welded beam of RE32. */
export const cre22 = () => constrained('cre22', weld);
/** CRE23, the disc brake of RE33. */
export const cre23 = () => constrained('cre23', brake);
/** CRE24, the speed reducer of RE35. */
export const cre24 = () => constrained('cre24', speedReducer);
/** CRE25, the gear train of RE36. */
export const cre25 = () => constrained('cre25', gearTrain);
/** CRE31, the car side impact of RE41. */
export const cre31 = () => constrained('cre31', sideImpact);
/** CRE32, the bulk carrier of RE42. */
export const cre32 = () => constrained('cre32', bulkCarrier);
/** CRE51, the water resources of RE61. */
export const cre51 = () => constrained('cre51', waterResources);
