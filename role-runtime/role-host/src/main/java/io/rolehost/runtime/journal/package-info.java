/** What happened: transitions, events, incidents. */
@NullMarked
package io.rolehost.runtime.journal;

import org.jspecify.annotations.NullMarked;
