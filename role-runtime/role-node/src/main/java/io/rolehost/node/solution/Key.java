package io.rolehost.node.solution;

import java.util.List;

/**
 * A key of a solution.
 *
 * @param form what stands behind it
 * @param meaning one sentence for whoever writes it
 * @param inside the keys of a block, of each block of a list, or of each named block
 */
record Key(String name, Form form, String meaning, List<Key> inside) {

  /** What stands behind a key. */
  enum Form {
    TEXT,
    /** A text for the simple case, or a block. */
    TEXT_OR_BLOCK,
    TEXTS,
    TEXT_BY_NAME,
    FLAG,
    WHOLE,
    WHOLES,
    NUMBER,
    TIME,
    SIZE,
    /** A whole number, or the name that the meaning tells of. */
    PORT,
    BLOCK,
    BLOCKS,
    BLOCK_BY_NAME,
    /** Whatever the role makes of it. */
    FREE
  }

  static Key of(String name, Form form, String meaning, Key... inside) {
    return new Key(name, form, meaning, List.of(inside));
  }

  static List<String> names(List<Key> keys) {
    return keys.stream().map(Key::name).toList();
  }
}
