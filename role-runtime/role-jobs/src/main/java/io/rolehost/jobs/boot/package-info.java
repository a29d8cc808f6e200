/** Settings, wiring, and what is opened and closed with a role. */
@NullMarked
package io.rolehost.jobs.boot;

import org.jspecify.annotations.NullMarked;
