package io.rolehost.node.solution;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code swap} block of a solution: what the command that has two deployments change places
 * goes by where its command line says nothing. A node itself has no use for it.
 *
 * @param other the state directory of the other deployment, absolute
 * @param haproxy HAProxy's stats socket, absolute
 * @param map the map file by the path that HAProxy has it under, absolute
 * @param key what is looked up in it
 * @param backend HAProxy's backend of this deployment
 */
public record SwapSettings(
    Optional<Path> other,
    Optional<Path> haproxy,
    Optional<Path> map,
    Optional<String> key,
    Optional<String> backend) {

  /** Those of a solution that says nothing. */
  public static final SwapSettings NONE =
      new SwapSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  static SwapSettings read(ConfigValue value, Path base, Problems problems) {
    if (!(value instanceof ConfigObject object)) {
      problems.at(value.origin(), "swap must be an object: { haproxy = … }");
      return NONE;
    }
    Block block = Block.of(object, "the swap block", SolutionKeys.SWAP, problems);
    return new SwapSettings(
        path(block, "other", base),
        path(block, "haproxy", base),
        path(block, "map", base),
        block.text("key"),
        block.text("backend"));
  }

  private static Optional<Path> path(Block block, String key, Path base) {
    return block.text(key).map(word -> base.resolve(word).normalize());
  }
}
