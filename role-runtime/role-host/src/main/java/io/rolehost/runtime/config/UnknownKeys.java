package io.rolehost.runtime.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.rolehost.freeze.FreezeSources;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds what stands under {@code rolehost} and is no key of the host: pure. */
final class UnknownKeys {

  static final String ROOT = "rolehost";

  /** Blocks below the root that libraries read and check by themselves, when they are used. */
  private static final Set<String> LIBRARIES = Set.of("jobs");

  private final List<String> problems = new ArrayList<>();

  private UnknownKeys() {}

  /** Returns a sentence for each. */
  static List<String> in(ConfigObject root) {
    UnknownKeys search = new UnknownKeys();
    @Nullable ConfigValue host = root.get(ROOT);
    if (host != null) {
      search.look(List.of(ROOT), host);
    }
    return search.problems;
  }

  private void look(List<String> path, ConfigValue value) {
    if (isKey(path)) {
      return; // its type is checked where it is read
    }
    if (path.size() == 2 && LIBRARIES.contains(path.getLast()) && value instanceof ConfigObject) {
      return;
    }
    boolean block = isBlock(path);
    if (!block && isFreezeSource(path, value)) {
      return; // which names there are depends on the class path; the freeze refuses others
    }
    if (value instanceof ConfigObject object && (block || !object.isEmpty())) {
      for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
        List<String> below = new ArrayList<>(path);
        below.add(entry.getKey());
        look(below, entry.getValue());
      }
    } else if (!block) {
      unknown(path, value);
    } else if (value.valueType() != ConfigValueType.NULL) {
      String name = ConfigUtil.joinPath(path);
      problems.add(
          Origins.of(name, value)
              + ": "
              + name
              + ": expected a block { ... }, found "
              + Secrets.render(name, value));
    }
  }

  private void unknown(List<String> path, ConfigValue value) {
    String name = ConfigUtil.joinPath(path);
    Set<String> known = new LinkedHashSet<>();
    for (Key<?> key : Keys.ALL) {
      known.add(nameLike(key, path));
    }
    problems.add(
        Origins.of(name, value)
            + ": "
            + name
            + " is not a key of the host; the nearest is "
            + Nearest.of(name, known)
            + ". (Settings of your own go outside of the "
            + ROOT
            + " block.)");
  }

  /** Where a key leaves a name open, the one that was written is taken. */
  private static String nameLike(Key<?> key, List<String> path) {
    int open = key.path().indexOf(Key.ANY_NAME);
    return open < 0
        ? key.dotted()
        : open < path.size() ? key.at(path.get(open)).dotted() : key.documented();
  }

  /** A block beside {@code rolehost.freeze.auto} belongs to the source of its name. */
  private static boolean isFreezeSource(List<String> path, ConfigValue value) {
    return path.size() == 3
        && value instanceof ConfigObject
        && ConfigUtil.joinPath(path.subList(0, 2)).equals(FreezeSources.ROOT);
  }

  private static boolean isKey(List<String> path) {
    return Keys.ALL.stream().anyMatch(k -> k.path().size() == path.size() && startsWith(k, path));
  }

  private static boolean isBlock(List<String> path) {
    return Keys.ALL.stream().anyMatch(k -> k.path().size() > path.size() && startsWith(k, path));
  }

  private static boolean startsWith(Key<?> key, List<String> path) {
    for (int i = 0; i < path.size(); i++) {
      String part = key.path().get(i);
      if (!part.equals(Key.ANY_NAME) && !part.equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }
}
