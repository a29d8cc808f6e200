package io.rolehost.jobs.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One of the addresses of a broker, with its settings. Pure.
 *
 * @param place scheme, host and port
 * @param settings what stands behind the question mark, in that order
 */
public record BrokerUrl(String place, Map<String, String> settings) {

  /**
   * Returns the addresses of a URL, in the order in which they are to be tried: {@code tcp://a},
   * {@code tcp://a,tcp://b} or {@code (tcp://a,tcp://b)?name=value}, where the settings behind the
   * bracket are those of all.
   *
   * @param otherwise settings where the URL says nothing
   * @throws IllegalArgumentException if it is none
   */
  public static List<BrokerUrl> all(String url, Map<String, String> otherwise) {
    String list = url.strip();
    Map<String, String> shared = new LinkedHashMap<>(otherwise);
    if (list.startsWith("(")) {
      int close = list.lastIndexOf(')');
      if (close < 0) {
        throw new IllegalArgumentException(
            "A list of brokers ends with a bracket, such as (tcp://a:1,tcp://b:1)");
      }
      put(shared, list.substring(close + 1).replaceFirst("^\\?", ""));
      list = list.substring(1, close);
    }
    List<BrokerUrl> all = new ArrayList<>();
    // A comma may also stand in a setting; one in front of a scheme separates.
    for (String one : list.split(",(?=\\s*[a-zA-Z]+://)", -1)) {
      String text = one.strip();
      int question = text.indexOf('?');
      Map<String, String> settings = new LinkedHashMap<>(shared);
      put(settings, question < 0 ? "" : text.substring(question + 1));
      all.add(
          new BrokerUrl(
              question < 0 ? text : text.substring(0, question),
              Collections.unmodifiableMap(settings)));
    }
    return List.copyOf(all);
  }

  private static void put(Map<String, String> settings, String query) {
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        settings.put(pair.substring(0, equals), pair.substring(equals + 1));
      } else if (!pair.isEmpty()) {
        throw new IllegalArgumentException(
            "A setting in a broker's URL is name=value, was \"" + pair + "\"");
      }
    }
  }

  /** Returns it as a URL. */
  public String text() {
    List<String> pairs = new ArrayList<>();
    settings.forEach((name, value) -> pairs.add(name + "=" + value));
    return pairs.isEmpty() ? place : place + "?" + String.join("&", pairs);
  }

  /** Without settings, among which passwords may be. */
  @Override
  public String toString() {
    return place;
  }
}
