/** Several pieces of background work in one role, to save machines. */
@NullMarked
package io.rolehost.samples.consolidated;

import org.jspecify.annotations.NullMarked;
