/** From a study to files and words. Loads the drawing libraries: import it when they are wanted. */
export { plotStudy } from './plot-study.js';
export { studyText } from './summary.js';
export { writeStudy } from './write-study.js';
