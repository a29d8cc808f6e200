package io.rolehost.cli;

import io.rolehost.node.control.LocalHttp;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The instances of a state directory that do background work, and what they answer. */
final class JobHosts {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PATH = "/operations/jobs?";

  private final Place place;
  private final List<LoneHosts.Found> hosts;

  private JobHosts(Place place, List<LoneHosts.Found> hosts) {
    this.place = place;
    this.hosts = hosts;
  }

  /** An instance's answer. */
  record Reply(String instance, int status, Map<String, Object> body) {

    boolean isGood() {
      return status < 300;
    }

    /** Returns the rows of a list in the body. */
    List<Map<?, ?>> rows(String name) {
      List<Map<?, ?>> rows = new ArrayList<>();
      if (body.get(name) instanceof List<?> list) {
        for (Object row : list) {
          if (row instanceof Map<?, ?> map) {
            rows.add(map);
          }
        }
      }
      return rows;
    }

    String detail() {
      return String.valueOf(body.getOrDefault("detail", "it answered with " + status));
    }
  }

  /**
   * Returns those that answer.
   *
   * @throws Refused if there are none
   */
  static JobHosts of(Place place) throws Refused {
    List<LoneHosts.Found> running = LoneHosts.find(place.stateDir());
    if (running.isEmpty()) {
      throw LoneHosts.nothingRuns(place.stateDir());
    }
    List<LoneHosts.Found> hosts = running.stream().filter(JobHosts::doesJobs).toList();
    if (hosts.isEmpty()) {
      throw new Refused(
          Failures.TRY_AGAIN,
          running.stream().map(LoneHosts.Found::instance).collect(Collectors.joining(", "))
              + (running.size() == 1 ? " runs, but does" : " run, but none of them does")
              + " no background work (Jobs.open in its onStart), or has not started it yet.");
    }
    return new JobHosts(place, hosts);
  }

  private static boolean doesJobs(LoneHosts.Found host) {
    return host.status().get("operations") instanceof Map<?, ?> parts && parts.containsKey("jobs");
  }

  /** Asks all, and returns the good answers; the reason of the last where there are none. */
  List<Reply> lookAll(Map<String, String> query) throws Refused {
    List<Reply> good = new ArrayList<>();
    List<Reply> bad = new ArrayList<>();
    for (LoneHosts.Found host : hosts) {
      Reply reply = ask(host, "GET", query);
      (reply.isGood() ? good : bad).add(reply);
    }
    if (good.isEmpty()) {
      throw refused(bad);
    }
    return good;
  }

  /** Asks one after the other until one has an answer. */
  Reply look(Map<String, String> query) throws Refused {
    return first("GET", query);
  }

  /** Has one after the other act, until one does. */
  Reply act(String verb, Map<String, String> parameters) throws Refused {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("do", verb);
    query.put("by", System.getProperty("user.name", ""));
    query.putAll(parameters);
    return first("POST", query);
  }

  private Reply first(String method, Map<String, String> query) throws Refused {
    List<Reply> bad = new ArrayList<>();
    for (LoneHosts.Found host : hosts) {
      Reply reply = ask(host, method, query);
      if (reply.isGood()) {
        return reply;
      }
      bad.add(reply);
    }
    throw refused(bad);
  }

  private Reply ask(LoneHosts.Found host, String method, Map<String, String> query) throws Refused {
    LocalHttp http = host.http().withPatience(PATIENCE);
    if (method.equals("POST")) {
      http = http.withToken(place.token(host.instance()));
    }
    String path =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&", PATH, ""));
    try {
      LocalHttp.Response response =
          method.equals("GET") ? http.get(path) : http.send(method, path, "");
      return new Reply(host.instance(), response.status(), response.json());
    } catch (IOException e) {
      return new Reply(
          host.instance(), 503, Map.of("detail", host.instance() + " did not answer: " + e));
    }
  }

  /** An instance that knows what is named says more than one that has never heard of it. */
  private static Refused refused(List<Reply> bad) {
    Reply best =
        bad.stream().filter(reply -> reply.status() != 404).findFirst().orElse(bad.getFirst());
    boolean usage = best.status() == 400 || best.status() == 404 || best.status() == 409;
    return new Refused(usage ? Failures.USAGE : Failures.TRY_AGAIN, best.detail());
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
