/**
 * The freeze: an object that blocks starts and restarts, who set it, why, and until when. Usable
 * without the runtime.
 */
@NullMarked
package io.rolehost.freeze;

import org.jspecify.annotations.NullMarked;
