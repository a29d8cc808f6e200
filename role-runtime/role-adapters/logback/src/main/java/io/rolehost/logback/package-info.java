/**
 * What a role logs through SLF4J, by Logback, in the log of the host. Put it on the class path, and
 * nothing has to be configured.
 */
@NullMarked
package io.rolehost.logback;

import org.jspecify.annotations.NullMarked;
