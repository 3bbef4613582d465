/** Entry of a step of the build: writes the kernels of the built-in models to a file. */
import { writeKernels } from '../src/parallel/prebuilt-kernels.js';

writeKernels();
