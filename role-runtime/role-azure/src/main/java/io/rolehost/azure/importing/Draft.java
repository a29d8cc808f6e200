package io.rolehost.azure.importing;

import io.rolehost.azure.importing.Value.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * The solution while it is put together: what all environments have, what one has, and what of it
 * is secret. For one thread.
 */
final class Draft {
  /** Stands for all environments. */
  static final int ALL = -1;

  private final Block common = new Block();
  private final List<Block> ofEnvironment = new ArrayList<>();
  private final List<Block> secret = new ArrayList<>();

  Draft(int environments) {
    for (int i = 0; i < environments; i++) {
      ofEnvironment.add(new Block());
      secret.add(new Block());
    }
  }

  /** Sets a value by its path. */
  void put(int environment, Value value, String... path) {
    if (environment == ALL) {
      common.put(List.of(path), value);
    } else {
      ofEnvironment.get(environment).put(List.of(path), value);
    }
  }

  /** Sets a value that its owner alone may read; one of all environments is in each one's file. */
  void putSecret(int environment, Value value, String... path) {
    for (int i = 0; i < secret.size(); i++) {
      if (environment == ALL || environment == i) {
        secret.get(i).put(List.of(path), value);
      }
    }
  }

  Block common() {
    return common;
  }

  Block of(int environment) {
    return ofEnvironment.get(environment);
  }

  Block secret(int environment) {
    return secret.get(environment);
  }
}
