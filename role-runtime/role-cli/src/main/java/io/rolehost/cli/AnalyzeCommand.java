package io.rolehost.cli;

import io.rolehost.runtime.journal.CriticalChain;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rolehost analyze}. */
@Command(
    name = "analyze",
    description = {
      "Says what the last start or stop of an instance took its time for, what took longest first.",
      "From the journals of the role host and of its node, so also after its end. A line is the"
          + " time up to what it says: what goes on beside others has what is left of it, and its"
          + " whole time behind it. Where a task was late, the line says where it stood."
    })
final class AnalyzeCommand implements Callable<Integer> {

  private static final int FRAMES = 5;

  /** What is looked at. */
  enum What {
    START,
    STOP
  }

  @Parameters(index = "0", paramLabel = "start|stop", description = "What is looked at.")
  private What what = What.START;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INSTANCE",
      description = "An instance, or a role for all of it. Default: all.")
  private String target = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws Exception {
    Path stateDir = place.stateDir();
    Set<String> journals = new TreeSet<>(JournalReader.names(stateDir));
    Set<String> instances = new TreeSet<>();
    journals.forEach(name -> instances.add(JournalReader.instanceOfNode(name).orElse(name)));
    List<Map<String, Object>> all = new ArrayList<>();
    for (String instance : instances) {
      if (LogFiles.isMeant(instance, target)) {
        List<JournalEntry> node = entries(stateDir, JournalReader.ofNode(instance), journals);
        List<JournalEntry> host = entries(stateDir, instance, journals);
        List<CriticalChain.Link> chain =
            switch (what) {
              case START -> CriticalChain.start(node, host);
              case STOP -> CriticalChain.stop(node, host);
            };
        if (!chain.isEmpty()) {
          all.add(
              values(instance, chain, what == What.STOP ? CriticalChain.cause(node, host) : ""));
        }
      }
    }
    if (all.isEmpty()) {
      throw new Refused(
          Failures.TRY_AGAIN,
          "No "
              + what.name().toLowerCase(Locale.ROOT)
              + (target.isEmpty() ? "" : " of '" + target + "'")
              + " is written down in "
              + stateDir.resolve("journal"));
    }
    if (json) {
      place.printJson(Map.of("chains", all));
    } else {
      all.forEach(this::print);
    }
    return 0;
  }

  private static List<JournalEntry> entries(Path stateDir, String journal, Set<String> there)
      throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    if (there.contains(journal)) {
      JournalReader.read(stateDir, journal, line -> line.entry().ifPresent(entries::add));
    }
    return entries;
  }

  private static Map<String, Object> values(
      String instance, List<CriticalChain.Link> chain, String cause) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("instance", instance);
    values.put("totalMillis", CriticalChain.total(chain).toMillis());
    values.put("cause", cause);
    List<Map<String, Object>> links = new ArrayList<>();
    for (CriticalChain.Link link : CriticalChain.laggardsFirst(chain)) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("millis", link.took().toMillis());
      one.put("state", link.state());
      one.put("until", link.until());
      link.whole().ifPresent(whole -> one.put("wholeMillis", whole.toMillis()));
      one.put("part", link.isPart());
      if (!link.stack().isEmpty()) {
        one.put("stack", link.stack());
      }
      links.add(one);
    }
    values.put("links", links);
    return values;
  }

  private void print(Map<String, Object> values) {
    Object cause = values.get("cause");
    place.print(
        values.get("instance")
            + ": "
            + seconds(values.get("totalMillis"))
            + ("".equals(cause) ? "" : ", because: " + cause));
    if (values.get("links") instanceof List<?> links) {
      int hidden = 0;
      for (Object link : links) {
        if (link instanceof Map<?, ?> one) {
          if (Long.valueOf(0).equals(one.get("millis")) && !Boolean.TRUE.equals(one.get("part"))) {
            hidden++;
            continue;
          }
          place.print(
              String.format(Locale.ROOT, "  %10s  ", seconds(one.get("millis")))
                  + one.get("state")
                  + ", until: "
                  + one.get("until")
                  + (Boolean.TRUE.equals(one.get("part"))
                      ? "; " + seconds(one.get("wholeMillis")) + " by itself"
                      : "")
                  + (one.get("stack") == null ? "" : "; it stood at " + frames(one.get("stack"))));
        }
      }
      if (hidden > 0) {
        place.print("              and " + hidden + " pieces of less than 1 ms");
      }
    }
  }

  /** Returns the topmost frames of what the journal has of a stack. */
  private static String frames(@Nullable Object stack) {
    String[] frames = String.valueOf(stack).replaceAll("^\\[|]$", "").split(", ", -1);
    return String.join(" < ", Arrays.stream(frames).limit(FRAMES).toList());
  }

  private static String seconds(@Nullable Object millis) {
    long number = millis instanceof Number found ? found.longValue() : 0;
    Duration time = Duration.ofMillis(number);
    return String.format(Locale.ROOT, "%.3f s", time.toMillis() / 1000.0);
  }
}
