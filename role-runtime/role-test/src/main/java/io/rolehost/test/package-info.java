/**
 * The test kit: runs a role, or a set of tasks, in time that a test moves by hand. An hour of
 * back-offs takes a moment, nothing sleeps, and the same seed gives the same history.
 *
 * <p>Start at {@link io.rolehost.test.VirtualRole} or {@link io.rolehost.test.VirtualTasks}.
 */
@NullMarked
package io.rolehost.test;

import org.jspecify.annotations.NullMarked;
