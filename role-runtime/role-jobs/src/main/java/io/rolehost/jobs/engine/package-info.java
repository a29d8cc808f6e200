/** What a message engine must be able to do to carry jobs, and where its broker is. */
@NullMarked
package io.rolehost.jobs.engine;

import org.jspecify.annotations.NullMarked;
