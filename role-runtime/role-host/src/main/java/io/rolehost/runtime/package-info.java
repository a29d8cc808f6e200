/** The role host. {@link io.rolehost.runtime.RoleHost} is its main class; the parts lie below. */
@NullMarked
package io.rolehost.runtime;

import org.jspecify.annotations.NullMarked;
