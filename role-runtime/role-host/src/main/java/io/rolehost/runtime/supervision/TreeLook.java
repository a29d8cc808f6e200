package io.rolehost.runtime.supervision;

import java.util.List;
import java.util.OptionalLong;

/**
 * How things stand in a tree at one moment, for whoever moves its time by hand and has to know
 * whether all that follows from the last move is done.
 *
 * @param changes how much the tree has done; the same number at two looks means that nothing did
 *     between them
 * @param timers how many back-offs and limits are armed
 * @param nextDue a reading of the tree's ticks
 * @param bodies the threads of the attempts that count
 */
public record TreeLook(long changes, int timers, OptionalLong nextDue, List<Thread> bodies) {}
