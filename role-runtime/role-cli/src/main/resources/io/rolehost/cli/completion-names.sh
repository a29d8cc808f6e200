
# Names of instances and roles, which the state directory has also when nothing runs, and words that a verb takes.
function _rolehost_instances() {
  local file
  for file in "$1"/journal/*_IN_*.jsonl; do
    [ -e "$file" ] || continue
    file=${file##*/}
    file=${file%.jsonl}
    echo "${file%.node}"
  done
}

function _rolehost_roles() {
  local instance
  for instance in $(_rolehost_instances "$1"); do
    echo "${instance%_IN_*}"
  done
}

# The scopes of a freeze; behind a colon, where the shell cuts words, without what is before it.
function _rolehost_scopes() {
  local instance before=$2
  if [ -z "$before" ]; then
    echo "role: instance: deployment:"
  fi
  for instance in $(_rolehost_instances "$1"); do
    case "$before" in
      role) echo "${instance%_IN_*}" ;;
      instance) echo "$instance" ;;
      "") echo "role:${instance%_IN_*} instance:$instance" ;;
    esac
  done
}

function _rolehost_complete() {
  _complete_rolehost
  local cur=${COMP_WORDS[COMP_CWORD]} dir=${ROLEHOST_STATE_DIR:-${STATE_DIRECTORY:-.rolehost}}
  local verb="" at=0 i=1 word found=""
  case "$cur" in -*) return 0 ;; esac
  while [ "$i" -lt "$COMP_CWORD" ]; do
    word=${COMP_WORDS[i]}
    case "$word" in
      --state-dir)
        i=$((i + 1))
        [ "${COMP_WORDS[i]}" != "=" ] || i=$((i + 1))
        [ "$i" -lt "$COMP_CWORD" ] || return 0
        dir=${COMP_WORDS[i]}
        ;;
      @OPTIONS@)
        i=$((i + 1))
        [ "${COMP_WORDS[i]}" != "=" ] || i=$((i + 1))
        [ "$i" -lt "$COMP_CWORD" ] || return 0
        ;;
      -*) ;;
      *) if [ -z "$verb" ]; then verb=$word; else at=$((at + 1)); fi ;;
    esac
    i=$((i + 1))
  done
  case "$verb:$at" in
    explain:0 | logs:0 | restart:0 | analyze:1)
      found="$(_rolehost_instances "$dir") $(_rolehost_roles "$dir")"
      ;;
    task:1) found=$(_rolehost_instances "$dir") ;;
    deploy:* | rollback:0 | scale:0) found=$(_rolehost_roles "$dir") ;;
    analyze:0) found="start stop" ;;
    task:0) found="restart stop start" ;;
    completion:0) found="bash zsh" ;;
    freeze:* | unfreeze:* | thaw:*)
      word=""
      if [ "$cur" = ":" ]; then
        cur=""
        word=${COMP_WORDS[COMP_CWORD - 1]}
      elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = ":" ]; then
        word=${COMP_WORDS[COMP_CWORD - 2]}
      fi
      found=$(_rolehost_scopes "$dir" "$word")
      ;;
    *) return 0 ;;
  esac
  # shellcheck disable=SC2207
  [ -z "$found" ] || COMPREPLY=($(compgen -W "$(echo "$found" | tr ' ' '\n' | sort -u | tr '\n' ' ')" -- "$cur"))
}

complete -F _rolehost_complete -o default rolehost
