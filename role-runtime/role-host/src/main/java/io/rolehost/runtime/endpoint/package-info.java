/** The web role's listener: open, in-flight count, drain, close. */
@NullMarked
package io.rolehost.runtime.endpoint;

import org.jspecify.annotations.NullMarked;
