/** From a study to files and words. Loads the drawing libraries: import it when they are wanted. */
export { studyText } from './summary.js';
export { writeStudy } from './write-study.js';
