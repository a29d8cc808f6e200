/** Puts a host together and drives it: the shell around the lifecycle, and the only Guice code. */
@NullMarked
package io.rolehost.runtime.boot;

import org.jspecify.annotations.NullMarked;
