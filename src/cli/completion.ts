import { type Command, Failure, type Given, OK, USAGE } from './command.ts';
import { commands } from './commands.ts';
import { meant } from './near.ts';
import { print } from './stream.ts';

/** Each command with its options. */
type Words = readonly (readonly [command: string, options: readonly string[]])[];

const bash = (words: Words): string => `# tdx-codec completion bash > /etc/bash_completion.d/tdx-codec
_tdx_codec() {
  local current=\${COMP_WORDS[COMP_CWORD]}
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${words.map(([command]) => command).join(' ')} help' -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${words.map(([command, options]) => `    ${command}) COMPREPLY=($(compgen -W '${options.join(' ')}' -- "$current")) ;;`).join('\n')}
    help) COMPREPLY=($(compgen -W '${words.map(([command]) => command).join(' ')}' -- "$current")) ;;
  esac
}
complete -o default -o bashdefault -F _tdx_codec tdx-codec
`;

const zsh = (words: Words): string => `#compdef tdx-codec
# tdx-codec completion zsh > "\${fpath[1]}/_tdx-codec"
if ((CURRENT == 2)); then
  compadd ${words.map(([command]) => command).join(' ')} help
  return
fi
case \${words[2]} in
${words.map(([command, options]) => `  ${command}) compadd -- ${options.join(' ')} ;;`).join('\n')}
  help) compadd ${words.map(([command]) => command).join(' ')} ;;
esac
_files
`;

const fish = (words: Words): string => `# tdx-codec completion fish > ~/.config/fish/completions/tdx-codec.fish
set -l commands ${words.map(([command]) => command).join(' ')} help
complete -c tdx-codec -n "not __fish_seen_subcommand_from $commands" -f -a "$commands"
${words
  .flatMap(([command, options]) =>
    options.map((option) => `complete -c tdx-codec -n "__fish_seen_subcommand_from ${command}" -l ${option.slice(2)}`),
  )
  .join('\n')}
`;

const shells: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };

export const completion: Command = {
  options: {},
  help: `tdx-codec completion bash|zsh|fish

Prints a completion script for a shell. Its first lines say where it goes.

Examples
  source <(tdx-codec completion bash)
  tdx-codec completion fish > ~/.config/fish/completions/tdx-codec.fish
`,
  async run({ names: [name = ''] }: Given) {
    const script = Object.hasOwn(shells, name) ? shells[name] : undefined;
    if (!script) throw new Failure(USAGE, `which shell? bash, zsh or fish${meant(name, Object.keys(shells)) || '.'}`);
    const words = Object.entries(commands).map(async ([command, { load }]) => {
      const { options } = await load();
      return [command, [...Object.keys(options), 'help'].map((option) => `--${option}`)] as const;
    });
    await print(script(await Promise.all(words)));
    return OK;
  },
};
