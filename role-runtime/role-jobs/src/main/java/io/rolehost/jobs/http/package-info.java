/** The HTTP trigger: a request makes a job, whose status, result and end can be asked for. */
@NullMarked
package io.rolehost.jobs.http;

import org.jspecify.annotations.NullMarked;
