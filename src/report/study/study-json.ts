/** `study.json`: all of a study; the table of contents of its directory. */
export const STUDY_FILE = 'study.json';
export const STUDY_FORMAT = 'isospike scaling study';
