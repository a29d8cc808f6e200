package io.rolehost.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is documented is what is read. */
final class ReferenceTest {

  @Test
  void referenceConf_itsKeys_areTheOnesThatAreRead() {
    Set<String> documented = new TreeSet<>();
    collect(List.of(), ConfigFactory.parseResources("reference.conf").root(), documented);
    Set<String> read =
        Keys.ALL.stream()
            .filter(key -> !key.path().contains(Key.ANY_NAME))
            .map(Key::dotted)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(read, documented);
  }

  @Test
  void referenceConf_keysWithANameInThem_areInItsComments() throws IOException {
    String text = Files.readString(Path.of("src/main/resources/reference.conf"));
    for (Key<?> key : Keys.ALL) {
      assertTrue(text.contains(key.path().getLast()), key.documented());
    }
  }

  @Test
  void manual_everyKey_isInIt() throws IOException {
    String text = Files.readString(Path.of("../../docs/configuration.md"));
    for (Key<?> key : Keys.ALL) {
      assertTrue(text.contains("`" + key.documented() + "`"), key.documented());
    }
  }

  @Test
  void defaults_withoutTheReference_areTheSame(@TempDir Path root) {
    Place documented = new Place(root.resolve("a"));
    List<String> nulls = new ArrayList<>();
    for (Key<?> key : Keys.ALL) {
      if (!key.path().contains(Key.ANY_NAME)) {
        nulls.add(key.dotted() + " = null");
      }
    }
    Place undocumented = new Place(root.resolve("a")).packed(nulls.toArray(String[]::new));
    HostSettings expected = undocumented.load().settings();
    undocumented.packed();
    assertEquals(expected, documented.load().settings());
  }

  private static void collect(List<String> parent, ConfigObject object, Set<String> paths) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      List<String> path = new ArrayList<>(parent);
      path.add(entry.getKey());
      if (entry.getValue() instanceof ConfigObject child) {
        collect(path, child, paths);
      } else {
        paths.add(ConfigUtil.joinPath(path));
      }
    }
  }
}
