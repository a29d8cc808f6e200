package io.rolehost.azure.importing;

import io.rolehost.azure.xml.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What became of each element and attribute. It holds no value of a setting.
 *
 * @param service its name in the definition
 * @param inputs what was read, in the order of the report
 * @param items each element, attribute and text of the inputs once
 * @param network who is to reach whom, one sentence each: no node enforces it
 * @param machines what size the roles had, one sentence each
 * @param certificates what the roles want to find, one sentence each
 * @param secrets which settings are in a file that its owner alone can read
 * @param notices what a person should read
 * @param problems what is so wrong that nothing is written
 */
public record ImportReport(
    String service,
    List<Input> inputs,
    List<Item> items,
    List<String> network,
    List<String> machines,
    List<String> certificates,
    List<String> secrets,
    List<Notice> notices,
    List<Notice> problems) {

  /** Takes copies. */
  public ImportReport {
    inputs = List.copyOf(inputs);
    items = List.copyOf(items);
    network = List.copyOf(network);
    machines = List.copyOf(machines);
    certificates = List.copyOf(certificates);
    secrets = List.copyOf(secrets);
    notices = List.copyOf(notices);
    problems = List.copyOf(problems);
  }

  /**
   * A file that was read.
   *
   * @param environment of a configuration; empty for the definition
   * @param solution what {@code rolehost up} is given for it; empty for the definition
   * @param comments how many it has; they are not carried over
   */
  public record Input(String file, String environment, String solution, int comments) {}

  /**
   * An element, attribute or text.
   *
   * @param path by names as written, such as {@code /A/B/@c}
   * @param name of its element, if it has one
   */
  public record Item(String path, String name, Place place, Outcome outcome) {}

  /** A sentence, and what it is about. */
  public record Notice(Optional<Place> place, String sentence) {
    @Override
    public String toString() {
      return place.map(where -> where + ": ").orElse("") + sentence;
    }
  }

  /** Returns what is mapped. */
  public List<Item> mapped() {
    return those(outcome -> outcome instanceof Outcome.Mapped);
  }

  /** Returns what is mapped with a difference. */
  public List<Item> different() {
    return those(outcome -> outcome instanceof Outcome.Different);
  }

  /** Returns what is not mapped. */
  public List<Item> notMapped() {
    return those(outcome -> outcome instanceof Outcome.NotMapped);
  }

  private List<Item> those(Predicate<Outcome> which) {
    return items.stream().filter(item -> which.test(item.outcome())).toList();
  }

  /** Returns the report as values for JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("version", 1);
    values.put("service", service);
    List<Map<String, Object>> files = new ArrayList<>();
    for (Input input : inputs) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("file", input.file());
      file.put("kind", input.environment().isEmpty() ? "definition" : "configuration");
      if (!input.environment().isEmpty()) {
        file.put("environment", input.environment());
        file.put("solution", input.solution());
      }
      file.put("comments", input.comments());
      files.add(file);
    }
    values.put("inputs", files);
    values.put("mapped", mapped().stream().map(ImportReport::values).toList());
    values.put("different", different().stream().map(ImportReport::values).toList());
    values.put("notMapped", notMapped().stream().map(ImportReport::values).toList());
    values.put("network", network);
    values.put("machines", machines);
    values.put("certificates", certificates);
    values.put("secrets", secrets);
    values.put("notices", notices.stream().map(ImportReport::values).toList());
    values.put("problems", problems.stream().map(ImportReport::values).toList());
    return values;
  }

  private static Map<String, Object> values(Item item) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("path", item.path());
    if (!item.name().isEmpty()) {
      values.put("name", item.name());
    }
    put(values, item.place());
    switch (item.outcome()) {
      case Outcome.Mapped(String to) -> values.put("to", to);
      case Outcome.Different(String to, String why) -> {
        values.put("to", to);
        values.put("why", why);
      }
      case Outcome.NotMapped(String instead) -> values.put("instead", instead);
    }
    return values;
  }

  private static Map<String, Object> values(Notice notice) {
    Map<String, Object> values = new LinkedHashMap<>();
    notice.place().ifPresent(place -> put(values, place));
    values.put("text", notice.sentence());
    return values;
  }

  private static void put(Map<String, Object> values, Place place) {
    values.put("file", place.file());
    values.put("line", place.line());
    values.put("column", place.column());
  }
}
