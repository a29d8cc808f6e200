package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import java.time.Duration;

/**
 * A tracked job before it is sent.
 *
 * @param type name of the payload's type
 * @param message all that is needed to send it again, in the sender's own form; kept until it is
 *     sent
 * @param retention how long its row stays after its end
 */
public record NewJob(JobId id, String type, String queue, String message, Duration retention) {}
