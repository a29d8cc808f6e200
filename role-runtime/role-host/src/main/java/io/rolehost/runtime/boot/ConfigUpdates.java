package io.rolehost.runtime.boot;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.typesafe.config.Config;
import io.rolehost.api.ConfigChange;
import io.rolehost.api.ConfigChangedListener;
import io.rolehost.api.ConfigChangingListener;
import io.rolehost.runtime.config.ConfigDiff;
import io.rolehost.runtime.config.ConfigInputs;
import io.rolehost.runtime.config.ConfigLoader;
import io.rolehost.runtime.config.ConfigProblems;
import io.rolehost.runtime.config.ConfigVotes;
import io.rolehost.runtime.config.FileWatch;
import io.rolehost.runtime.config.Loaded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of this moment and how it changes: read again when its file changes or somebody
 * asks, judged by the role's listeners, then applied, recycled for, or kept aside. Changes are
 * handled one after another on a thread of their own.
 */
final class ConfigUpdates {

  private static final System.Logger LOG = System.getLogger(ConfigUpdates.class.getName());

  /** What becomes of a change; called on the thread of the changes. */
  interface Outcome {

    /** Something happened to the configuration. */
    void noted(String what);

    /** The change needs a new start. */
    void recycle(String why);

    /** The newest configuration needs none, whatever one before it did. */
    void stays();
  }

  private final ConfigInputs inputs;
  private final Outcome outcome;
  private final List<ConfigChangingListener> changing = new CopyOnWriteArrayList<>();
  private final List<ConfigChangedListener> changed = new CopyOnWriteArrayList<>();
  private final Executor thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("rolehost-config").factory());
  private volatile Loaded current;
  private volatile @Nullable String problem;
  private @Nullable String judged;
  private volatile boolean watching;
  private final Map<Path, FileWatch> included = new HashMap<>();

  ConfigUpdates(ConfigInputs inputs, Loaded first, Outcome outcome) {
    this.inputs = inputs;
    this.current = first;
    this.outcome = outcome;
  }

  Loaded loaded() {
    return current;
  }

  Config current() {
    return current.config();
  }

  /** Why the newest configuration is not the one in use; empty if it is. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  void onChanging(ConfigChangingListener listener) {
    changing.add(listener);
  }

  void onChanged(ConfigChangedListener listener) {
    changed.add(listener);
  }

  /** Reads the configuration anew before the role is built: nobody is asked. */
  Loaded readAgain() throws ConfigProblems {
    current = ConfigLoader.load(inputs);
    return current;
  }

  /** Returns the hash of what the files say now; of what is in use, if they are wrong. */
  String newestHash() {
    try {
      return ConfigLoader.load(inputs).hash();
    } catch (ConfigProblems wrong) {
      return current.hash();
    }
  }

  /** Watches the file from now on; what changed before is found at once. */
  void watch() {
    current
        .watchedFile()
        .ifPresent(file -> {
          // It lives as long as the process, so nobody keeps the handle.
          AutoCloseable _ = FileWatch.start(file, this::check);
          watching = true;
          follow(current);
          check();
        });
  }

  /** Watches what the file includes now, and no more what it did. */
  private void follow(Loaded read) {
    boolean more = false;
    synchronized (included) {
      included
          .entrySet()
          .removeIf(watched -> {
            boolean gone = !read.includedFiles().contains(watched.getKey());
            if (gone) {
              watched.getValue().close();
            }
            return gone;
          });
      for (Path file : read.includedFiles()) {
        if (!included.containsKey(file)) {
          included.put(file, FileWatch.start(file, this::check));
          more = true;
        }
      }
    }
    if (more) { // it may have changed between the look and the watch
      check();
    }
  }

  /** Looks whether the configuration changed; returns at once. */
  void check() {
    thread.execute(() -> {
      boolean _ = compare();
    });
  }

  /** Looks because somebody asked, who is told where there is nothing to be done. */
  void checkAsAsked() {
    thread.execute(() -> {
      if (!compare()) {
        LOG.log(INFO, "The configuration was read again, and is as it was");
      }
    });
  }

  /** Returns whether anything came of it. */
  private boolean compare() {
    Loaded before = current;
    Loaded after;
    try {
      after = ConfigLoader.load(inputs);
    } catch (ConfigProblems wrong) {
      reject("invalid", String.valueOf(wrong.getMessage()));
      return true;
    }
    if (watching) {
      follow(after);
    }
    if (after.hash().equals(before.hash())) {
      judged = null;
      outcome.stays();
      if (problem == null) {
        return false;
      }
      problem = null;
      outcome.noted("the configuration is again as it was");
      return true;
    }
    if (after.hash().equals(judged)) {
      return true; // and that was told when it came
    }
    judged = after.hash();
    judge(after, ConfigDiff.between(before.config(), after.config()));
    return true;
  }

  private void judge(Loaded after, ConfigChange change) {
    String keys =
        change.keys().stream().map(ConfigChange.Key::path).collect(Collectors.joining(", "));
    List<ConfigChangingListener.Answer> answers = new ArrayList<>();
    for (ConfigChangingListener listener : changing) {
      answers.add(ask(listener, change));
    }
    switch (ConfigVotes.decide(change, answers)) {
      case APPLY -> {
        problem = null;
        current = after;
        LOG.log(INFO, "The configuration changed: {0}", keys);
        outcome.stays();
        outcome.noted("applied: " + keys);
        for (ConfigChangedListener listener : changed) {
          tell(listener, change);
        }
      }
      case RECYCLE -> outcome.recycle(keys);
      case REJECT -> {
        outcome.stays();
        reject("rejected by the role", keys);
      }
    }
  }

  private static ConfigChangingListener.Answer ask(
      ConfigChangingListener listener, ConfigChange change) {
    try {
      return listener.changing(change);
    } catch (Exception e) {
      LOG.log(WARNING, "A listener failed to judge a configuration, which rejects it", e);
      return ConfigChangingListener.Answer.REJECT;
    }
  }

  private static void tell(ConfigChangedListener listener, ConfigChange change) {
    try {
      listener.changed(change);
    } catch (Exception e) {
      LOG.log(ERROR, "A listener failed to take note of a changed configuration", e);
    }
  }

  private void reject(String how, String text) {
    String said = how + ", the old values stay: " + text;
    if (!said.equals(problem)) {
      problem = said;
      LOG.log(WARNING, "The changed configuration is " + said);
      outcome.noted(said);
    }
  }
}
