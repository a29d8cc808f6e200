/** The command line on roles that do background work by a real broker. */
@NullMarked
package io.rolehost.jobs.command;

import org.jspecify.annotations.NullMarked;
