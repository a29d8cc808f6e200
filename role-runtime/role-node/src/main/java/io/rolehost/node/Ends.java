package io.rolehost.node;

import io.rolehost.node.journal.NodeJournal;
import io.rolehost.runtime.journal.JournalEntry;
import io.rolehost.runtime.journal.PastIncarnations;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last ends of an instance, over the nodes of its state directory. Written by the node's
 * thread, read by any.
 */
final class Ends {
  static final String CAUSE = "why";
  static final String MEANING = "meaning";
  static final String LIVED = "livedMillis";
  static final String FINGERPRINT = "fingerprint";
  static final String NEXT = "next";
  static final String INCIDENT = "incident";

  private static final int KEPT = 10;

  private volatile List<Map<String, Object>> newestFirst;

  /** Reads those of earlier nodes. */
  Ends(NodeJournal journal) {
    List<Map<String, Object>> found = new ArrayList<>();
    Iterator<JournalEntry> ends = journal.recent(PastIncarnations.ENDS);
    while (ends.hasNext() && found.size() < KEPT) {
      found.add(values(ends.next()));
    }
    newestFirst = List.copyOf(found);
  }

  void add(JournalEntry end) {
    List<Map<String, Object>> all = new ArrayList<>(newestFirst);
    all.addFirst(values(end));
    newestFirst = List.copyOf(all.subList(0, Math.min(KEPT, all.size())));
  }

  /** Returns each as values that are JSON, the newest first. */
  List<Map<String, Object>> newestFirst() {
    return newestFirst;
  }

  Optional<Map<String, Object>> last() {
    return newestFirst.stream().findFirst();
  }

  private static Map<String, Object> values(JournalEntry end) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("at", end.at().toString());
    values.put("incarnation", end.incarnation());
    values.put("type", end.type());
    for (String key :
        List.of(
            PastIncarnations.CODE,
            MEANING,
            CAUSE,
            PastIncarnations.ASKED,
            LIVED,
            FINGERPRINT,
            NEXT,
            INCIDENT)) {
      Object value = end.detail().get(key);
      if (value != null) {
        values.put(key, value);
      }
    }
    return values;
  }

  /** Returns when it was, as people read it. */
  static String second(Map<String, Object> end) {
    return Instant.parse(String.valueOf(end.get("at"))).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Returns one end as a sentence. */
  static String sentence(Map<String, Object> end) {
    StringBuilder text = new StringBuilder("start #").append(end.get("incarnation"));
    Object code = end.get(PastIncarnations.CODE);
    if (code == null) {
      return text.append(" could not be made: ").append(end.getOrDefault(CAUSE, "")).toString();
    }
    text.append(" ended with ").append(code).append(" (");
    text.append(end.getOrDefault(CAUSE, end.getOrDefault(MEANING, "")));
    text.append(") after ");
    long millis = end.get(LIVED) instanceof Number lived ? lived.longValue() : 0;
    return text.append(Math.round(millis / 100.0) / 10.0).append(" s").toString();
  }
}
