package io.rolehost.test;

import io.rolehost.api.StopReason;

/**
 * How a role ended.
 *
 * @param code the exit code its process would have had
 * @param reason what {@code onStop} was told; HANG for a start that ran past its time
 * @param text the sentence for people
 */
public record End(int code, StopReason reason, String text) {}
