package io.rolehost.runtime.management;

import io.rolehost.freeze.Durability;
import io.rolehost.freeze.Freeze;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSwitch;
import io.rolehost.freeze.FreezeText;
import io.rolehost.freeze.FreezeVerdict;
import io.rolehost.freeze.Scope;
import io.rolehost.runtime.management.Managed.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What {@code /freeze} answers. */
public final class FreezeAnswers {

  private final FreezeSwitch freezes;
  private final Subject subject;
  private final InstantSource clock;
  private final Supplier<Optional<String>> waitsFor;
  private final Runnable changed;
  private final Consumer<String> told;

  /**
   * Whose freezes they are.
   *
   * @param scope of a freeze that names none
   * @param all whether every freeze in force is shown, also one that covers only a part
   */
  public record Subject(Path stateDir, Scope scope, boolean all) {}

  /**
   * Answers for a switch.
   *
   * @param waitsFor on whom the instance waits before it drains for a freeze with hold
   * @param changed called when something was stored
   * @param told takes who has frozen what, for the log
   */
  public FreezeAnswers(
      FreezeSwitch freezes,
      Subject subject,
      InstantSource clock,
      Supplier<Optional<String>> waitsFor,
      Runnable changed,
      Consumer<String> told) {
    this.freezes = freezes;
    this.subject = subject;
    this.clock = clock;
    this.waitsFor = waitsFor;
    this.changed = changed;
    this.told = told;
  }

  /** Returns what freezes it and what its sources know, by their last reading. */
  public Map<String, Object> current() {
    return values(freezes.lastVerdict(clock.instant()));
  }

  private Map<String, Object> values(FreezeVerdict verdict) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("frozen", verdict.frozen());
    values.put("hold", verdict.hold());
    waitsFor.get().ifPresent(why -> values.put("waitsFor", why));
    Instant now = clock.instant();
    List<Freeze> shown =
        subject.all()
            ? freezes.all().stream().filter(freeze -> !freeze.endedAt(now)).toList()
            : verdict.covering();
    values.put("freezes", shown.stream().map(freeze -> withTimeLeft(freeze, now)).toList());
    List<Map<String, Object>> sources = new ArrayList<>();
    for (FreezeSource source : freezes.sources()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", source.name());
      source.lastKnown().knowledge().problem().ifPresent(problem -> one.put("problem", problem));
      sources.add(one);
    }
    values.put("sources", sources);
    notice().ifPresent(text -> values.put("notice", text));
    return values;
  }

  private static Map<String, Object> withTimeLeft(Freeze freeze, Instant now) {
    Map<String, Object> values = freeze.toMap();
    freeze
        .until()
        .ifPresent(end -> values.put("secondsLeft", Duration.between(now, end).toSeconds()));
    return values;
  }

  private static List<Map<String, Object>> maps(List<Freeze> all) {
    return all.stream().map(Freeze::toMap).toList();
  }

  private Optional<String> notice() {
    return Durability.notice(subject.stateDir());
  }

  /**
   * Adds or replaces a freeze.
   *
   * @param from who asked; the owner of a freeze that names none
   */
  public Answer put(String json, String from) {
    Freeze freeze;
    try {
      freeze = FreezeText.request(json, subject.scope(), from, clock.instant());
    } catch (IllegalArgumentException wrong) {
      return problem(400, "No freeze", String.valueOf(wrong.getMessage()));
    }
    try {
      freezes.put(freeze);
      told.accept("PUT /freeze, " + from + ": " + freeze.scope() + " (id " + freeze.id() + ")");
      changed.run();
    } catch (IOException e) {
      return notStored(e);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("stored", freeze.toMap());
    freezes.storedIn().ifPresent(name -> body.put("storedIn", name));
    body.putAll(values(freezes.verdict(clock.instant())));
    return new Answer(200, body);
  }

  /**
   * Removes freezes, and says what still freezes.
   *
   * @param by who ends them
   */
  public Answer delete(Optional<String> id, Optional<String> scope, String by) {
    List<Freeze> removed;
    try {
      if (id.isPresent()) {
        removed = freezes.remove(id.get(), by);
      } else if (scope.isPresent()) {
        removed = freezes.remove(Scope.parse(scope.get()), by);
      } else {
        removed = freezes.removeCovering(clock.instant(), by);
      }
      changed.run();
    } catch (IllegalArgumentException wrong) {
      return problem(400, "No scope", String.valueOf(wrong.getMessage()));
    } catch (IOException e) {
      return notStored(e);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("removed", maps(removed));
    body.put("by", by);
    freezes.storedIn().ifPresent(name -> body.put("storedIn", name));
    body.putAll(values(freezes.verdict(clock.instant())));
    return new Answer(200, body);
  }

  private static Answer notStored(IOException e) {
    return problem(503, "The freeze can not be stored", String.valueOf(e.getMessage()));
  }

  private static Answer problem(int status, String title, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("title", title);
    body.put("detail", detail);
    return new Answer(status, body);
  }
}
