#!/bin/bash
# Refuses what envman refuses, and writes down what it was told: key, value, number of words, words. `$` stays only with --no-expand. In bash,
# because the tests call it two thousand times and Node takes ten times as long to start.
LC_ALL=C
refuse() { printf '%s\n' "$1" >&2; exit 1; }
argv=("$@")
[[ ${1-} == add ]] || refuse 'unknown command'
shift
expands=yes
unset said_key said_value said_valuefile
while (($# > 0)); do
  flag=$1
  shift
  case $flag in
    --no-expand) expands=no ;;
    --append | --skip-if-empty | --sensitive) ;;
    --key | --value | --valuefile)
      if (($# > 0)); then printf -v "said_${flag#--}" '%s' "$1"; shift; fi ;;
    *) refuse "flag provided but not defined: $flag" ;;
  esac
done
[[ -n ${said_key-} ]] || refuse 'Key is not specified'
if [[ -n ${said_valuefile+given} ]]; then
  exec <"$said_valuefile" || exit 1
  if IFS= read -r -d '' said_value; then refuse 'no variable can contain a NUL'; fi
fi
[[ -n ${said_value+given} ]] || refuse 'no value'
((${#said_value} <= 256 * 1024)) || refuse 'value is too large'
if [[ $expands == yes ]]; then
  name='\$\{?([A-Za-z0-9_]+)\}?'
  rest=$said_value
  said_value=
  while [[ $rest =~ $name ]]; do
    said_value+=${rest%%"${BASH_REMATCH[0]}"*}$(printenv "${BASH_REMATCH[1]}")
    rest=${rest#*"${BASH_REMATCH[0]}"}
  done
  said_value+=$rest
fi
printf '%s\0' "$said_key" "$said_value" "${#argv[@]}" "${argv[@]}" >>"$ENVMAN_RECORD"
