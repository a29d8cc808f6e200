/**
 * Background work: an event, a schedule, a file or a request makes a job, and a handler does it.
 * What a role author uses; the packages below are how it is done.
 */
@NullMarked
package io.rolehost.jobs;

import org.jspecify.annotations.NullMarked;
