/** Tasks: restart policy, budgets, escalation, cancellation. */
@NullMarked
package io.rolehost.runtime.supervision;

import org.jspecify.annotations.NullMarked;
