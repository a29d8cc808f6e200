package io.rolehost.samples.photos;

import io.rolehost.jobs.JobType;

/** The order to make every thumbnail anew, for instance after the size was changed. */
@JobType("reindex")
public record Reindex() {}
