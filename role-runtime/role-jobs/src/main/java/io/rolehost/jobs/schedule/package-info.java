/** When a schedule ticks, which is pure, and the timer that asks for it. */
@NullMarked
package io.rolehost.jobs.schedule;

import org.jspecify.annotations.NullMarked;
