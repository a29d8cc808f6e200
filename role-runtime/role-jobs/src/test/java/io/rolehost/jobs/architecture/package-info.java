/** The rules of this module's own packages. */
@NullMarked
package io.rolehost.jobs.architecture;

import org.jspecify.annotations.NullMarked;
