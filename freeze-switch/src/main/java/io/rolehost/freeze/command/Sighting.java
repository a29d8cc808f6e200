package io.rolehost.freeze.command;

import io.rolehost.freeze.Identity;
import java.util.List;

/** What is seen of an instance when somebody waits for it to take note of a freeze. */
public sealed interface Sighting {

  /** Returns whose sighting it is. */
  Identity who();

  /**
   * It answers, or a node answers for it.
   *
   * @param state the full name of its state: {@code READY}, {@code HELD}, {@code FROZEN}
   * @param freezes what freezes it: ids, or {@code <reason> by <owner>} where a node says so
   * @param remark what it says about itself that explains a delay; may be empty
   */
  record Answers(Identity who, String state, List<String> freezes, String remark)
      implements Sighting {
    /** Takes a copy of the list. */
    public Answers {
      freezes = List.copyOf(freezes);
    }
  }

  /** It has no process now; a freeze that is stored meets its next start. */
  record NoProcess(Identity who) implements Sighting {}

  /**
   * There is a process, and it can't be asked.
   *
   * @param why what was tried and what came of it
   */
  record Silent(Identity who, String why) implements Sighting {}
}
