extension Lexicon {
    /// Words of English that speak ill of something, from -4 up to -1, and those that only look like one, at 0.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let englishNegative = """
        0: again against alone_with american_horror_story angry_birds as_well assassin_s_creed assess* awaiting
        award_nominee bad_blood bad_bunny badge badger badminton beatles best_before best_buy best_western
        breaking_bad bugatti cheatsheet classic_fm conservative_party court_side crash_course crash_test
        criminal_minds cryptic crypto* cuter* dark_knight dead_poets dead_sea deadline* deadpool
        democratic_party die_hard diego diesel diet dieter discover_card doctor_who dumbbell* dumbo evil_dead
        failsafe fair_trade fairfax fear_factor fear_the_walking fight_club fine_arts fine_gael food_court
        free_kick freedom_of_information freelanc* freeway freezer function* fund fundament* funded funding
        funds funeral_home gaining good_wife goodman goodreads goodwill goodyear grateful_dead great_britain
        great_gatsby green_party gun_show gunners hard_drive hardcore hardware hardwood harmon*
        hopeless_romantic hot_dog hotel* hotspur hunger_games interest_rate interest_rates joyce joystick
        killarney killer_whale killington kindergarten kindle labor_party labour_party laughlin leak_proof
        leeds_united liberal_arts likewise lost_and_found love_actually love_island lovell mad_max
        manchester_united mean_girls mourinho newcastle_united no_doubt no_good_deed no_matter pain_au
        party_leader political_party priceline prideaux prime problem_solving rallycross red_dead
        republican_party resident_evil scream_queens shitake shock_absorber skill* slaughterhouse smart_phone
        smart_tv smartphone* sorry_not_sorry spoiler_alert star_wars suicide_squad suicide_watch super_bowl
        super_junior super_mario superman supreme_court sweetcorn sweetwater tea_party tennis_court thankless
        third_party trust_fund trustee* united_kingdom united_states walking_dead war_of war_room wardrobe warm*
        warner warranty warrior* wars_star warsaw welcome_to_the_jungle well_as well_known wellington wind
        window windows winner_takes winnipeg winslow winston winter* without_a_doubt wonder_woman wonderland
        -1: addict alarm ambulance barely bill bills bomb_threat but_still cancel cancelled cautious cloudy cold
        concern concerned concerning concerns congress controvers* critic critical critics cry_laughing debate
        debt deported doubt_it drama dubious early exam exams goodbye harder hardly headaches homework ill_never
        illegal jealous lawsuits leave miss missed missed_out missile missing monday nuclear obsess* odd pills
        plane_crash politicians pressure problem protest protesters protesting protests questionabl* quit
        quitting rain raining risk risks risky sanctions scandal serious snow so_called stop storm strange
        struggle* struggling stuck supposedly tax taxes tension* traffic uncertain* unfollowing unsure urgent
        war_on warn warned warning* whatever whatevs
        -2: accuse accused accuses accusing addict* alas alcoholic apolog* awkward* bias biased bizarre
        blackmail* bleak* blocked_me bother* boycott* brutal burden* canceled careless* cheapskate coffin*
        condolences corrupt_as cost_me costly coward* cracked cringe* cringing cringy cruel curse* damn damned
        darn decay* deport* depriv* dismal* dreary drugs drunk dumped earthquake* emergency evacuat* excuse
        excuses expensive explode* explosion* extort* feeble flood* flop flopped flops fragile fraudster*
        freezing funeral* gang gangs genocide ghosted gloom* gone_too_soon grim grimmer harsh* hassle*
        heartbreaking hoes how_is_this_legal humid hung_up hurricane* illegals impolite inconsiderate
        inconvenien* inequality inflated insecur* insensitive invade* invasion irresponsib* is_it_just_me lack
        lacked lacking lacks laziest laziness lazy meaningless needless* negligen* not_sure_why nuisance
        obstacle* on_hold overcharge* overhyped pale pathet* pathetic_excuse perjur* plagiar* postponed
        prejudic* pricey r_i_p racket reckless* refugee_crisis rip ripped robbing rotting rough rust rusty
        savage scandalous segregat* severe* shatter* shortage* sigh sighing sighs sinister sloppy smashed smdh
        snooze* sorry spoiled spoilt stereotyp* stuck_in sweating tense thug* torn tornado* tough traffic_jam
        trapped trash_talk treason* tyranny tyrant unaffordable unaware unbearable uncomfortable* uneasy unequal
        unfollow* unfriendly unhelpful unimpress* uninspir* uninterest* unkind unnecessary unpleasant*
        unprofessional* unrealistic unreasonabl* unsafe unsatisf* unsubscribe unwell unwilling useless warns
        weak weaker weakest weakness* weird whine whines whining whiny why_are_people why_cant why_do_people
        why_does why_is_it why_would wildfire* wimp yawn*
        -2.5: abandon* absurd* ache* aching afraid aggravat* agitated aint_right aint_shit alarming alienated
        allegation* alleged* aloof anemic animosity annoy* antagonistic antagonize antisocial anxiety anxious
        apathetic apathy appalled_at arduous argh* argue* arguing argument* arrest arrested arrests arrogantly
        ashamed_of bad bad_luck baddest badly ban bankrupt* banned barbarian bashing beaten belittle belittled
        berate betraying bewildered bitching bitter bitterly bitterness blackmailed blah blame* blaming bland
        blandest blatant_lie bleed* bleh blemish blew_it blew_up blister blown_lead bogus boo_hoo boohoo bored
        boredom boring boringly botched boycotting brainwash* brash brat bratty breach breached breakdown breaks
        breakup bribe* broke broken broken_hearted broken_leg bruise* brutally buggy bugs bummed bummer bungled
        burned_out burnout burnt_out cancer cancerous cant_afford cant_believe_you cant_breathe cant_concentrate
        cant_eat cant_find cant_focus cant_handle cant_sleep cant_stop_crying catty censor* chaos chaotic
        chaotically cheap_ass cheesy choke choked choking claustrophobic clumsy clunky coerce coerced collapse*
        collapse_of complain* complicat* con_artist conceited concussion condemn* condescending conflict*
        confus* conned conspir* contempt contradict contradiction controversy convicted corrosive corrupt
        corrupts cover_up covetous cramp cramps crash crashed crashes crashing crazy creep creeped creeping
        creeps creepy cried_out crime* criminal* cripple crippled crippling crises crisis criticis* criticiz*
        crybaby culprit cumbersome cynic cynical* cynicism damag* danger dangerous* daunting dead_end deadlock
        deadweight deafening debacle_of debts decline declined declining defame defeat* defect defective defiant
        deficiency deficit deform degenerate dejected delay* delinquent delirious deluded delusion delusional
        demean demeaning demented demise demolish demolished demoralized denial denied denounc* deny denying
        deplete derail derailed deranged desert_us deserted desolate detached deteriorate deteriorated
        deteriorating detest_the devious dictator* didnt_deserve didnt_even didnt_work difficult difficulty
        dilemma dire dirty disabled_my disagree* disappoint* disapprov* disarray discontent* discourage
        discouraged discouraging discourteous discriminat* disdain disease* disgruntled disillusion
        disillusioned disingenuous disinterest dislike* disliking disoriented disparaging displaced displeas*
        dispute* disregard disreputable disrupt disrupted disruption disruptive dissatisf* dissent distasteful
        distort distorted distract distracted distracting distraction distrust* disturb* divisive dodgy
        does_not_work doesnt_deserve doesnt_even doesnt_work dont_deserve dont_feel dont_get_it dont_get_why
        dont_need_this dont_understand dont_wanna dont_want_to doom_and doubt doubtful doubts downcast downer
        downfall downgrade downgraded downhill downside downtrodden drab drag_on dragging drained draining dread
        dread_going dreaded dreading drought drown drowned drowning dubious_call dull dullest dump dumping
        dumpster dysfunctional ebola egomaniac egotistical eliminated embittered emptiness empty_promises
        endanger endangered enemies enemy enslave envious envious_of envy epidemic* erode erratic erroneous
        error* evasive evict evicted ew eww* exasperated exasperating excessive excluded exclusion excuse_for_a
        exhaust exhausted exhausting exhaustion exile exiled exorbitant expel expelled expire_on exploit*
        expulsion extortion extremis* face_palm facepalm fake fakes fallout false falsely famine farce farcical
        fascis* fatigue fatigued fault faulted faults faulty fear fear_for feared fearful fearing fears
        feeble_attempt felon felony feud* fever fiasco_of fight fighting fights filth filthy fired flabby flak
        flaky flaw flawed flaws flimsy flu flunk flunked forbid forfeit forgotten forlorn fraught freak_out
        freaked freaking_out fright frighten* frigid frown frowning frustrat* fuck_no fuck_up fucked_up fugitive
        fumble fumbled fumbles fuss fussy futile gaffe gag_me garish gaslight gaslighting germs get_a_life
        get_lost get_off get_out_of_here get_over_it get_rid_of get_your_shit ghost_town gimmick
        gives_me_anxiety glare glitch* glum gluttony go_away goddamnit goof goofed gossip gossiping got_no_sleep
        grievance grimace groan* gross grossest grouch grouchy grow_the_fuck grow_up growl grr* grudge gruff
        grumble grumpy grunt guilt guilty gullible gutless gutted haggard half_assed half_baked half_hearted
        handicap hangover haphazard hard_to hardship hardships harm harmed harmful harming harms harsher hasty
        hatred haunted haunting havoc hazard* headache* heartburn heartless heartsick heckle hell_no helpless
        helplessness heresy hesitant hiccup hideous* hinder hindered hoarse hoax* hogwash hollow_words homeless*
        homesick homewrecker horrid_smell hostile* hostility how_can_he how_can_they how_can_you how_could
        how_dare how_is_he how_is_this how_the_fuck humdrum humid_and hung_over hungover hurtful hysteria
        hysterical_about i_miss idle_threats ignored ignoring ill ill_advised ill_fated ill_mannered illegal*
        illiterate illness* immature immoral impair impaired impasse impatient imperfect impossible imposter
        impostor imprison imprisoned improper inability inaccurate inaction inadequate inappropriate incapable
        incite incoherent incomplete incomprehensible inconsistent incorrect indecent indecisive indict*
        indifference indifferent indignant indoctrinate ineffective inefficient inept ineptitude infection*
        inferior inflammation inflexible inhibit injure injurious injustice* insane insane_prices insanity
        insecure insecurity insincere insipid insolent insomnia instability instigate insufficient insulting_to
        interfere interfering interrupted interruption intimidate intimidated intimidating intrude intruder
        intrusive invalid irked irksome irrational irrelevant irresponsible irritat* is_this_a_joke is_this_real
        isnt_fair isnt_funny isnt_right isnt_working isolated isolation issue issues itchy jaded jail*
        jam_packed jealous* jeopardize jihad* jinx jinxed jobless joke_of_a joyless junky kill_me kill_me_now
        knocked_off knocked_out lackadaisical lackluster lacklustre lag lagging laggy laid_off lame lame_excuse
        lament lamented lamest languish lapse late_again late_fee lawless lawsuit* layoff* leak leaking leaks
        leave_me_alone leave_us_alone leech lethargic liable libel lied_to limp loneliness lonely lonesome
        loophole loosing lose loser losers loses loses_again losing loss losses lost lousiest ludicrous lukewarm
        lunacy lunatic* lurking mad madman madness malfunction malfunctioned malfunctioning maniac* manic
        manipulat* mar marred masochist mauled meddle meddling mediocre meh melancholy meltdown menace* mess_up
        mess_with messed messed_up messed_with messing_up messy miffed migraine* militant* mindfuck misbehave
        mischief miser misery_loves misfit misfortune misguided mishap misinform* mislead* misled mismanaged
        mismanagement misplaced misread misrepresent miss_her miss_him miss_my miss_you_so_much missing_you
        misspelled mistake* mistrust* misuse misused moan* moan_about mocked mockery mocking mold moldy moody
        mope moping morbid mortified motionless_in mourned muddle muddled mumble murky mushy mutiny nag nagging
        naive narcissism narcissist narcissistic narrow_minded narrowminded nasty_weather naughty_list nausea
        nauseating needy negate negative* negativity neglect* nemesis nervous nervously neurotic never_again
        never_coming_back never_going_back nightmares nightmarish nitpick no_chance no_clue no_energy no_friends
        no_good no_heat no_hope no_life no_luck no_money no_motivation no_point no_power no_respect_for
        no_service no_shame no_sleep no_thank_you no_thanks no_use no_water no_wonder noisy nonsense nonsensical
        nonstop_lies noob nope not_again not_enough not_feeling not_fun not_nice not_right not_sure_if
        not_the_same not_true not_working not_worth_it numb numbskull nutjob* obese objectionable obliterated
        obnoxious obscenity obsolete obstruct obstruction obstructive offense_taken oh_god_no oh_no ominous
        onslaught oppress* out_for_the_season outbreak* outcast outcry outdated outlandish outlaw outraged_by
        over_priced overbearing overbooked overcooked overcrowded overdone overdue overkill overlooked overpower
        overpriced overrated overreact overreacting overrun overweight overwhelmed overwork overworked painfully
        panic* paralyzed paranoi* passive_aggressive pathetic pathetically patronizing peeve peeved peril
        perilous pesky pessimis* pest pet_peeve petty phobia pickpocket pigsty pimple piracy pitfall pitiful
        pitiless pity plummet* plunge* poisoning poisonous polluted pollution pompous poor poorer poorest poorly
        poorly_designed poverty powerless predatory predicament prejudiced premature presumptuous
        pretend_to_care pretentious prison problem* profanity propaganda provoke provoked pseudo psychopath
        psychopathic punish punished punishing punishment puny pushover pushy puzzled quarantine quarrel*
        quit_being quitter radicali* ragged raid raided rampage ransom rant ranting rash ratchet rattled ravaged
        recession reckless_driver recoil refuse refused refuses regret* reject* relapse relegat* relentless_rain
        reluctance reluctant remorse repress* repulse resent* resign resignation resigned restless restrict
        restricted restrictions retaliate retreat revenge revolt rhetoric ridicul* rigged rigid riot* rip_me_off
        rivalry roadblock robber robbers rogue rotten ruckus ruinous rumors runny_nose sabotage* sacked sad_day
        sad_news sad_to_see sadden salty sarcasm sarcastic scam_alert scapegoat scar scarcity scare scared
        scares scariest scars scary scathing scold scolded scorn scrambled_to scrap scratched scream screamed
        screaming screw_up screwup scum_of segregation self_centered self_destruct self_pity selfishness senile
        sentenced sewage shabby shady shaken shaky shallow sham shambles shame shamed shattering shiver shock
        shocked shocker shocking shoot_me short_changed shortcomings should_have_known should_have_stayed
        shouldnt_have showoff shut_down shut_it shut_the_fuck shut_up shutdown sicker sickly sickness
        sickness_and sidelined silenced silly sinful sinister_plot sinking skeptic* skinny_ass slack slam
        slammed slap slapped sleepy slimy sloth slow* sluggish slump* slur slurs smack smell_like_shit smelly
        smfh smother smug snag snarky snatch sneaky snob snobbish snobby snore snoring snub snubbed so_what
        sob_story sobering sociopath sold_out somber something_wrong sore sore_loser sore_throat soreness
        sorrowful sorry_for_your sour spam spammed spammer spammers spammy spat spineless spinless split_up
        spoil spoiler spooked squander squandered stab stagnant stagnation stale stalk stalker stalking stampede
        starv* static_and steep_price stench stereotype stiff_neck stifling sting stings stingy stink*
        stolen_from stomachache stop_being stop_it stop_lying stop_making stop_talking stop_trying stop_with
        stopped_working strained stranded strangled stress* strife struck_by stubborn stuffy stumbled stutter
        sub_par subpar substandard sucker suckers sued suing sulk sulking superficial superstition suppress*
        suspect_that suspended suspension suspicio* swamped swear_to_god swindle swollen symptom tacky tantrum
        tarnish tarnished tasteless taunt taunted tearful tearing_up tease tedious tense_up terrified terrifying
        terror terrorize terrorized the_fuck the_hell thirsty_hoes thoughtless threat threaten* threats thwart
        tired tiredness tiresome tiring too_bad too_early too_expensive too_hard too_late too_long too_many
        too_old toothache tormenting torn_acl torn_apart touchy traffic_sucks tragically traitorous trapped_in
        trash_can trashing trick_us tricked trivial troll trolled trolling trolls trouble* trouble_with
        troubling tsk turmoil turn_off turned_off two_faced ugghh* ugh ughh* ugliest ugliness ugly ulcer
        ultimatum unacceptably unappealing unappreciated unattractive unbelievably_bad uncalled uncaring uncivil
        uncivilized unclean unclear uncontrolled uncool uncooperative undecided underwhelm* undeserved
        undesirable undignified uneducated unemploy* unethical unfair* unfaithful unfaithfully unfit unfollowed
        unforgiving unfortunate* unfounded unfulfilled ungodly unhappily unhappiness unhappy unhealthy
        unimportant unimpressive uninformed uninspired unintelligent uninvited unjust* unlawful unlivable
        unloved unloving unlucky unmotivated unnerving unpaid unpopular unpredictable unprepared unproductive
        unqualified unreasonable unrelenting unreliable unresolved unresponsive unrest unruly unsatisfactory
        unsatisfied unsettling unskilled unsound unstable unsuccessful unsupported unsure_about unsympathetic
        untrue untrustworthy unusable unwanted unwelcome unworthy uproar upset upsets upsetting used_to_love
        useless_ass usurp vague vain vandal* vanity veto vex vexed vindictive violate violated violates
        violation virus volatile vulgar vulnerable wack wail wander_off_topic wasteland watered_down
        way_too_early weak_ass wearing_thin weary weirdo weirdos whack whack_job whacko what_a_disappointment
        what_a_disgrace what_a_joke what_a_mess what_a_shame what_a_waste what_is_wrong what_the_fuck
        what_the_hell whats_wrong wheeze whimper who_the_fuck who_the_hell why_am_i why_arent why_did_they
        why_did_you why_do_i why_dont_you why_isnt why_me why_must why_the_fuck why_the_hell wiped_out
        wish_i_was_dead witch_hunt withdrawn wont_let wont_load wont_stop wont_work worn_out worried worrier
        worries worrisome worry worrying worse worsen* worst_case worthless_piece wound wounding wrecking wrong
        wrong_with wrong_with_people wrong_with_you wrongdoing wronged wrongly wtf_is yell yelled yelling yikes
        you_should_be_ashamed youre_wrong yuck* yuk zit
        -2.7: a_faff bait_and_switch dropped_the_ball going_downhill gone_downhill hung_up_on_me last_time_i_buy
        last_time_i_order letdown lost_a_customer lost_my_business never_buying never_flying never_ordering
        never_shopping never_using nobody_helps nobody_listens not_what_i_paid_for nothing_works shoddy
        took_my_money went_downhill wont_be_back wont_be_coming_back
        -3: abominable about_to_cry abuse* abusing abusive abysmal* accursed aggrieved agony anger angrier
        angrily angry anguish anguished appall appalled appalling* arrogance arrogant* ashamed assault*
        atrocious atrocity attack attacked attacker* attacks awful* backstab* barbaric barbarity beastly behead*
        betray* bitch* bloodbath bloodshed bloody_hell blows bollocks bomb bombed bombing* bombs brain_dead
        braindead brainless brainwashing breaks_my breaks_my_heart broke_my_heart broken_heart brutal* bs
        bullied bully* butcher butchered calamity callous cannot_stand cant_believe_he cant_believe_she
        cant_believe_that cant_believe_they cant_believe_this cant_deal cant_stand cant_take_it cant_trust
        carnage casualt* catastroph* cheat* clown clowns clueless cold_blooded coldblooded coldhearted
        contemptible corrupt* could_care_less couldnt_care_less crap crappiest crappy crass cried cries crook*
        cruel* crushing_defeat cry crying dammit damn_it damnation damning damnit dead deadly death deaths
        debacle debauchery deceit* deceiv* deceptive defamation degrade degrading dehumanizing deplorable
        depraved depress* derogatory desecrate despair* desperate desperately_sad desperation despondent
        destitute destroy* destruction destructive devastat* diabolical dick dickhead* didnt_like die died dies
        disaster* disastrous disastrously disgrace* disgustingly dishonest* dishonor dishonour disloyal dismay
        dismayed disrespect* distraught distress distressed distressing doesnt_like doesnt_make_sense dogshit
        done_with_this dont_care dont_even_care dont_give_a dont_like dont_trust dont_want_to_go doom doomed
        douche* dreadful* dumb dumbass dumber dumbest dumbfuck dying embarrass* enemy_of_the enough_is_enough
        enrage* enraging epic_fail excruciating execute_him executed executing execution exterminate extinct
        fail failed failing fails failure* fake_ass fatal* fed_up feel_bad feel_like_crap feel_like_shit
        feel_sick feeling_down feeling_sick feels_bad ffs fiasco fiendish filthy_rich fml fool foolish* fools
        foul fouled fraud* fuck fucked fucker* fucking fucks full_of_crap full_of_shit fuming furious* fury
        garbage gave_up give_up giving_up go_fuck_yourself god_damn goddamn* gonna_cry gory greed greedy grief
        griefstricken grieve grieving grotesque gruesome gtfo gunfire gunman had_enough had_it_with harass*
        harrowing hate_being hate_how hate_it hate_my hate_people hate_that hate_this hate_when hate_you
        hatefully he_lied he_sucks heart_breaking heart_broken heartache heartbreak* heartbroken hell hellhole
        hellish hoe hopeless* horrible horribly horribly_wrong horrified horrify horrifying horror horseshit
        hostage* hot_mess humiliat* hurt hurt_my hurting hurts hurts_my hurts_so hypocri* i_am_sick
        i_cant_even_deal i_feel_bad i_give_up i_hate i_quit i_wanna_cry idiocracy idiocy idiot* ignoran*
        im_bored im_crying im_done im_dying im_sad im_scared im_sick im_so_tired im_tired imbecile* incompeten*
        inexcusable infanticide inferno infuriat* inhuman inhumane injur* insufferable insult* intolerable
        intolerance intolerant irate it_sucks jackass* jerk jerks joke_of junk kidnap* kill killed killer
        killers killing killjoy kills laughing_stock laughingstock let_down let_me_down let_us_down lethal liar
        liars lie lied lies life_sucks livid livid_about living_hell loser_mentality lost_cause lousy
        ludicrously lunatics lying lynch lynched mad_at made_me_cry made_me_sad maim make_no_sense
        makes_me_angry makes_me_cry makes_me_mad makes_me_sad makes_me_sick makes_me_want_to_cry makes_no_sense
        malevolent malice malicious malignant maltreat mangled martyr massacred mayhem mean_spirited menacing
        merciless mess mindless miscarriage miserable miserably misery molest molested molester monster_of
        monstrosity monstrous moron* mourn* murderers mutilate nastier nastiest nasty nauseous never_trust
        nightmare* no_excuse no_one_cares no_respect no_sense no_way_to_treat nobody_cares not_a_fan
        not_acceptable not_cool not_fair not_feeling_well not_funny not_good_enough not_great not_happy
        not_impressed not_ok not_okay not_worth obscene odious offend* offensive oppression oppressive oppressor
        outrage* over_it_already overdose* pain painful* pains pathetic* pathological perverse pervert perverted
        petrified phony pillage piss_off pissed pissed_off pisses_me pissing plague pointless poison*
        preposterous prick pricks psycho psychos psychotic rabid racist_ass rage raged raging ravage really_bad
        really_sad really_sucks regime_change repulsed retard* ridiculous* rip_off rip_offs ripoff ripped_off
        rob robbed robbery rubbish rude* ruin ruined ruining ruins ruthless sadden* sadder saddest sadistic
        sadly sadness savagely scam scammed scammer* scamming scams scandal* screw_you screwed scum scumbag
        scumbags seething selfish* senseless shame_on shameful* shameless she_lied shit shite shits shitshow
        shittiest shitty shockingly_bad shooting shootings shot_dead sick_of sickened slain slander slaughtered
        slaughtering slave slavery sleazy slut sluts smear_campaign smh so_angry so_annoyed so_annoying so_bad
        so_bored so_boring so_disappointed so_disappointing so_done so_dumb so_frustrated so_frustrating
        so_gross so_hurt so_lame so_mad so_over so_over_it so_pissed so_rude so_sad so_sick so_stupid so_tired
        so_ugly so_unfair so_upset sob sobbing sorrow* spite spiteful stabbed stabbed_in stabbing steal stealing
        stfu stole stolen strangle stupid* such_a_shame such_a_waste such_an_idiot such_bullshit suck sucked
        sucking sucks sucks_that sucky suffer* suffocate suffocating suicidal suicide* sux talking_shit tears
        terrible terribly that_sucks theft they_lied they_suck thief thieves this_sucks tired_of too_bad_that
        torment* tosser* toxic tragedies tragedy tragic* train_wreck trainwreck traitor* trash trashy trauma
        traumatic traumatized treacherous treachery twat* unacceptable* unbearably unforgivable ungrateful
        unholy unspeakable useless* vengeful venom* very_bad very_disappointed very_poor very_sad vicious*
        vicious_attack victim* vilify villain villainous violence violent* vomiting wanker* wanna_cry
        want_to_cry war warmonger wars waste waste_of wasted wasted_my wasteful wasting_my weep* what_an_idiot
        who_cares whore* wicked worthless wounded wrath wreck wreckage wrecked wretched wtf wth you_idiot
        you_lied you_suck zealot
        -4: abhor* abomina* absolute_worst arsehole* asshole* atroc* bastard* bigot* bullshit burn_in_hell cunt*
        despicable despis* detest* dipshit disgust disgusted disgusting* disgusts drop_dead evil evils fuck_her
        fuck_him fuck_off fuck_that fuck_them fuck_this fuck_you fuckin_hate fucking_hate genocid* ghastly
        go_fuck go_to_hell hate hated hateful haters_gonna hates hating heinous holocaust homophob* horrendous*
        horrid horrific* kill_myself kill_yourself kys loath* massacre* misogyn* mother_fucker mother_fuckern
        mother_fuckers motherfuck* murder murdered murderer* murderous murders nauseat* nazi nazis paedophil*
        pedophil* piece_of_shit pieces_of_shit pos puke* racism racist* rape raped rapes raping rapist*
        repugnant repulsive revolting rot_in_hell sadist* scumbag* sexism sexist* shithead shitheads shithole*
        sickening slaughter* son_of_a_bitch terror_attack terrorism terrorist* the_worst tortur* vile vilest
        vomit* wanna_die want_to_die white_supremac white_supremacn white_supremacs worst worst_ever xenophob*
        """
}
