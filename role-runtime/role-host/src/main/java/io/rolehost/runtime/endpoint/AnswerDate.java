package io.rolehost.runtime.endpoint;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;

/** The {@code Date} header, written anew once a second. */
final class AnswerDate {

  private record Written(long second, String text) {}

  private final InstantSource time;
  private volatile Written written = new Written(Long.MIN_VALUE, "");

  AnswerDate(InstantSource time) {
    this.time = time;
  }

  String now() {
    Instant now = time.instant();
    Written current = written;
    if (current.second != now.getEpochSecond()) {
      current = new Written(now.getEpochSecond(), DateFormatter.format(Date.from(now)));
      written = current;
    }
    return current.text;
  }
}
