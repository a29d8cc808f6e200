package io.rolehost.jobs.http;

import io.rolehost.jobs.HttpTrigger;

/**
 * One path that makes jobs.
 *
 * @param queue where they go
 */
record Front<T>(HttpTrigger trigger, Class<T> type, String queue) {

  static <T> Front<T> of(HttpTrigger trigger, Class<T> type) {
    return new Front<>(trigger, type, queue(trigger.path()));
  }

  /**
   * Returns {@code http.reindex} for {@code /reindex}, {@code http.a.b} for {@code /a/b}; a path
   * that no queue can be named by has a hash at its end.
   */
  static String queue(String path) {
    String bare = path.substring(1).replace('/', '.');
    if (bare.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*") && bare.length() <= 100) {
      return "http." + bare;
    }
    String plain = bare.replaceAll("[^A-Za-z0-9_.-]+", "-");
    return "http."
        + plain.substring(0, Math.min(plain.length(), 80))
        + "-"
        + StatusJson.hash(path).substring(0, 8);
  }
}
