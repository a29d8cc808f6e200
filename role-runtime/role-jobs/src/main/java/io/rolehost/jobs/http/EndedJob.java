package io.rolehost.jobs.http;

import io.rolehost.jobs.JobStatus;
import io.rolehost.jobs.JobType;

/**
 * What the queue {@code jobs.completed} is told of a job.
 *
 * @param type name of its payload's type
 * @param queue it came from
 */
@JobType("rolehost.ended-job")
public record EndedJob(String id, String type, String queue, JobStatus.State state) {

  static EndedJob of(JobStatus job) {
    return new EndedJob(job.id().value(), job.type(), job.queue(), job.state());
  }
}
