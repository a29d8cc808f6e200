/**
 * Databases and files that refuse what comes from an attempt that was left behind.
 *
 * <p>A thread can't be killed on the JVM. What is wrapped here looks at the {@link
 * io.rolehost.api.Fence} of the attempt before each write, so that a thread that wakes up an hour
 * later finds the door closed. What is left open is the moment between that look and the write
 * itself; {@code docs/supervision.md}, "Fences", says how a database closes it.
 */
@NullMarked
package io.rolehost.api.fence;

import org.jspecify.annotations.NullMarked;
