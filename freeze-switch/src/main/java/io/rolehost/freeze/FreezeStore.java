package io.rolehost.freeze;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A source that can be written. Several writers, in several processes, lose nothing. */
public interface FreezeStore extends FreezeSource {

  /**
   * Replaces what is stored by {@code change} of it, as one step that no other writer comes
   * between, and returns when that is durable.
   *
   * @param change a pure function; it may be called more than once
   * @return what is stored now
   * @throws IOException if it can't be stored; the message says where, why, and what is still true
   */
  List<Freeze> change(UnaryOperator<List<Freeze>> change) throws IOException;

  /**
   * Does the same, and keeps who ended what it removes, if this store has a place for that.
   *
   * @param by a name, or how the request came; empty = not known
   */
  default List<Freeze> change(UnaryOperator<List<Freeze>> change, String by) throws IOException {
    return change(change);
  }

  /**
   * Adds a freeze; it replaces the one of the same scope and owner, and any of the same id.
   *
   * @throws IOException if it can't be stored
   */
  default void put(Freeze freeze) throws IOException {
    var _ =
        change(stored -> {
          List<Freeze> next = new ArrayList<>(stored);
          next.removeIf(other -> other.sameEntryAs(freeze) || other.id().equals(freeze.id()));
          next.add(freeze);
          return next;
        });
  }

  /**
   * Removes the freezes that are {@code unwanted}.
   *
   * @param by who ends them, for {@link #ending}; empty = not known
   * @return those that were removed
   * @throws IOException if it can't be stored
   */
  default List<Freeze> removeIf(Predicate<Freeze> unwanted, String by) throws IOException {
    List<Freeze> removed = new ArrayList<>();
    var _ =
        change(
            stored -> {
              removed.clear();
              List<Freeze> next = new ArrayList<>(stored.size());
              for (Freeze freeze : stored) {
                (unwanted.test(freeze) ? removed : next).add(freeze);
              }
              return next;
            },
            by);
    return List.copyOf(removed);
  }
}
