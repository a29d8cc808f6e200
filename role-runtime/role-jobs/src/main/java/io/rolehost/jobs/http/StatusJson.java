package io.rolehost.jobs.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rolehost.jobs.JobStatus;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What is told of a job. Pure. */
final class StatusJson {

  private StatusJson() {}

  /** Returns a job as values that are JSON; of one that has failed they are a problem document. */
  static Map<String, Object> of(JobStatus job) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (job.state() == JobStatus.State.FAILED) {
      values.put("type", "about:blank");
      values.put("title", "The job failed");
      values.put("status", 500);
      values.put("detail", job.failure().orElse("It gave no reason."));
    }
    values.put("id", job.id().value());
    values.put("state", state(job));
    values.put("attempts", job.attempts());
    values.put("progress", progress(job.progress()));
    values.put("submittedAt", job.submittedAt().toString());
    values.put("changedAt", job.changedAt().toString());
    job.keptUntil().ifPresent(until -> values.put("keptUntil", until.toString()));
    if (job.state() == JobStatus.State.DONE) {
      job.result().ifPresent(json -> values.put("result", BodyJson.tree(json)));
    }
    if (!job.state().ended()) {
      job.failure().ifPresent(why -> values.put("lastFailure", why));
    }
    values.put("links", links(job.id().value()));
    return values;
  }

  static String state(JobStatus job) {
    return job.state().name().toLowerCase(Locale.ROOT);
  }

  static Map<String, Object> links(String id) {
    Map<String, Object> links = new LinkedHashMap<>();
    links.put("self", "/jobs/" + id);
    links.put("result", "/jobs/" + id + "/result");
    links.put("events", "/jobs/" + id + "/events");
    return links;
  }

  private static Map<String, Object> progress(JobStatus.Progress progress) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("done", progress.done());
    values.put("total", progress.total());
    if (progress.total() > 0) {
      values.put("percent", Math.clamp(100 * progress.done() / progress.total(), 0L, 100L));
    }
    values.put("text", progress.text());
    return values;
  }

  static String contentType(JobStatus job) {
    return job.state() == JobStatus.State.FAILED ? "application/problem+json" : "application/json";
  }

  /** Returns the strong ETag of a document. */
  static String etag(String document) {
    return '"' + hash(document).substring(0, 32) + '"';
  }

  /** Returns whether {@code If-None-Match} names an ETag (RFC 9110, 13.1.2: weak comparison). */
  static boolean matches(String header, String etag) {
    for (String one : header.split(",", -1)) {
      String named = one.strip();
      if (named.equals("*") || named.equals(etag) || named.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  static String hash(String text) {
    return hash(text.getBytes(UTF_8));
  }

  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Each Java has SHA-256", e);
    }
  }
}
