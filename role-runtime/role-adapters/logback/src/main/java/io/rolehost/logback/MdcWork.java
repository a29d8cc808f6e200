package io.rolehost.logback;

import io.rolehost.api.Work;
import io.rolehost.api.WorkObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Lets the diagnostic context of a thread say what it does, for patterns of your own: {@code
 * %X{task} %X{attempt} %X{correlation}}. The correlation is the id of the job or request.
 */
public final class MdcWork implements WorkObserver {

  static final String TASK = "task";
  static final String ATTEMPT = "attempt";
  static final String CORRELATION = "correlation";
  static final Set<String> KEYS = Set.of(TASK, ATTEMPT, CORRELATION);

  /** Called by {@code ServiceLoader}. */
  public MdcWork() {}

  @Override
  public Observed begins(Work work) {
    Map<String, @Nullable String> before = new LinkedHashMap<>();
    if (work.kind() != Work.Kind.REQUEST) {
      put(before, TASK, work.name());
      put(before, ATTEMPT, Integer.toString(work.attempt()));
    }
    if (!work.id().isEmpty()) {
      put(before, CORRELATION, work.id());
    }
    return _ -> before.forEach(MdcWork::restore);
  }

  private static void put(Map<String, @Nullable String> before, String key, String value) {
    before.put(key, MDC.get(key));
    MDC.put(key, value);
  }

  private static void restore(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
