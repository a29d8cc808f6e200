package io.rolehost.jobs.queue;

import java.time.Instant;

/**
 * A job that nobody tries any more.
 *
 * @param queue where it was to be handled
 * @param letter the job with the history of its failures; its attempts are those that were made
 * @param reason why it is here
 * @param error the last failure with the frames of the user's code
 * @param at since when
 */
public record DeadLetter(String queue, Letter letter, String reason, String error, Instant at) {}
