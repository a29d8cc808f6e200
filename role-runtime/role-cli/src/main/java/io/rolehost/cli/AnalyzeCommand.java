package io.rolehost.cli;

import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.JournalReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
      "Says what the last start or stop of a role host took its time for, what took longest first.",
      "From its journal, so also after its end. A line is the time up to what it says: what goes on"
          + " beside others has what is left of it, and its whole time behind it."
    })
final class AnalyzeCommand implements Callable<Integer> {

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
    List<Map<String, Object>> all = new ArrayList<>();
    for (String journal : JournalReader.names(stateDir)) {
      if (JournalReader.instanceOfNode(journal).isEmpty() && LogFiles.isMeant(journal, target)) {
        List<JournalEntry> entries = new ArrayList<>();
        JournalReader.read(stateDir, journal, line -> line.entry().ifPresent(entries::add));
        List<Chain.Link> chain =
            switch (what) {
              case START -> Chain.start(entries);
              case STOP -> Chain.stop(entries);
            };
        if (!chain.isEmpty()) {
          all.add(values(journal, chain, what == What.STOP ? Chain.cause(entries) : ""));
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

  private static Map<String, Object> values(String instance, List<Chain.Link> chain, String cause) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("instance", instance);
    values.put("totalMillis", Chain.total(chain).toMillis());
    values.put("cause", cause);
    List<Map<String, Object>> links = new ArrayList<>();
    for (Chain.Link link : Chain.laggardsFirst(chain)) {
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
                  + (one.get("stack") == null ? "" : "; it stood at " + one.get("stack")));
        }
      }
      if (hidden > 0) {
        place.print("              and " + hidden + " pieces of less than 1 ms");
      }
    }
  }

  private static String seconds(@Nullable Object millis) {
    long number = millis instanceof Number found ? found.longValue() : 0;
    Duration time = Duration.ofMillis(number);
    return String.format(Locale.ROOT, "%.3f s", time.toMillis() / 1000.0);
  }
}
