extension Lexicon {
    /// Words of English that speak ill of something, from -4 up to -1, and those that only look like one, at 0.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let englishNegative = """
        0: again against american_horror_story angry_birds as_well assassin_s_creed assess* awaiting
        award_nominee bad_blood bad_bunny badge badger badminton beatles best_before best_buy best_western
        breaking_bad bugatti cheatsheet classic_fm conservative_party crash_course crash_test criminal_minds
        cryptic crypto* cuter* dark_knight dead_poets dead_sea deadline* deadpool democratic_party die_hard
        diego diesel diet dieter discover_card dumbbell* dumbo evil_dead failsafe fair_trade fairfax fear_factor
        fear_the_walking fight_club fine_arts fine_gael free_kick freedom_of_information freelanc* freeway
        freezer function* fund fundament* funded funding funds funeral_home gaining good_wife goodman goodreads
        goodwill goodyear grateful_dead great_britain great_gatsby green_party hard_drive hardcore hardware
        hardwood harmon* hopeless_romantic hot_dog hotel* hotspur hunger_games interest_rate interest_rates
        joyce joystick killarney killington kindergarten kindle labor_party labour_party laughlin leeds_united
        likewise lost_and_found love_actually love_island lovell manchester_united mean_girls mourinho
        newcastle_united no_doubt no_matter pain_au party_leader political_party priceline prideaux prime
        problem_solving rallycross red_dead republican_party resident_evil scream_queens shitake skill*
        slaughterhouse smart_phone smart_tv smartphone* sorry_not_sorry star_wars suicide_squad suicide_watch
        super_bowl super_junior super_mario superman sweetcorn sweetwater tea_party thankless third_party
        trust_fund trustee* united_kingdom united_states walking_dead war_of war_room wardrobe warm* warner
        warranty warrior* wars_star warsaw welcome_to_the_jungle well_as well_known wellington wind window
        windows winner_takes winnipeg winslow winston winter* without_a_doubt wonder_woman wonderland
        -1: addict alarm barely bill bills but_still cancel cancelled cautious cloudy cold concern concerned
        concerning concerns congress controvers* critic critical critics cry_laughing debate debt doubt_it drama
        dubious early exam exams goodbye harder hardly homework ill_never jealous leave miss missed missed_out
        missing monday obsess* odd politicians pressure problem protest protesters protesting protests
        questionabl* quit quitting rain raining risk risks risky serious snow so_called stop storm strange
        struggle* struggling stuck supposedly tax taxes tension* traffic uncertain* unsure urgent war_on warn
        warned warning* whatever whatevs
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
        -2.5: abandon* absurd* ache* aching afraid aggravat* allegation* alleged* alone annoy* anxiety anxious
        argh* argue* arguing argument* arrest arrested arrests bad bad_luck baddest badly ban bankrupt* banned
        beaten bitching bitter bitterness blah blame* blaming bland bleed* bleh blew_it blown_lead boo_hoo
        boohoo bored boredom boring boringly botched brainwash* breaks bribe* broke broken broken_leg bruise*
        buggy bugs bungled cancer cant_believe_you cant_sleep censor* chaos chaotic cheap_ass cheesy choke
        choked clunky collapse* complain* complicat* con_artist concussion condemn* conflict* confus* conned
        conspir* convicted corrupt cover_up crash crashed crashes crashing crazy creep creeped creeps creepy
        crime* criminal* crises crisis criticis* criticiz* cumbersome cynical* damag* danger dangerous* debts
        defeat* defective delay* delusional demented denied denounc* deny denying deranged dictator* didnt_work
        difficult difficulty dirty disagree* disappoint* disapprov* discontent* discriminat* disease* dislike*
        disliking displeas* dispute* dissatisf* distrust* disturb* does_not_work doesnt_work doubt doubtful
        doubts dread dreaded dreading dull dullest ebola eliminated enemies enemy envious envy epidemic* error*
        ew eww* excuse_for_a exhausted exhausting exhaustion exploit* extremis* face_palm facepalm fake fakes
        false fascis* fault faults faulty fear feared fearful fearing fears feud* fever fight fighting fights
        filth filthy fired flawed flu forgotten frighten* frustrat* fuck_no fuck_up fucked_up get_a_life
        get_lost get_over_it glitch* go_away groan* gross grossest grow_up grr* guilt guilty hangover hard_to
        harm harmed harmful harming harms hatred havoc hazard* headache* heartless hell_no hideous* hoax*
        homeless* homesick hostile* hostility how_dare how_the_fuck hung_over hungover i_miss ignored ignoring
        ill illegal* illness* impossible inaccurate inadequate incomplete incorrect indict* ineffective
        inefficient infection* inferior injustice* insane insanity insomnia insufficient irritat* isnt_working
        issue issues jail* jealous* jihad* joke_of_a kill_me kill_me_now knocked_out lackluster lacklustre lag
        lagging laggy laid_off lame lamest late_again lawsuit* layoff* leave_me_alone lied_to loneliness lonely
        lose loser losers loses losing loss losses lost ludicrous lunatic* maniac* manipulat* mediocre meh
        menace* mess_up messed messed_up messy migraine* militant* misfortune misinform* mislead* miss_her
        miss_him miss_my miss_you_so_much missing_you mistake* mistrust* moan* mold moldy nag nagging nausea
        negative* negativity neglect* nervous nervously never_again never_coming_back never_going_back
        nightmarish no_sleep no_thank_you no_thanks nonsense nonsensical nope not_again not_working nutjob*
        obnoxious obsolete oppress* out_for_the_season outbreak* outdated over_priced overpriced overrated
        panic* paranoi* pathetic pessimis* pitiful pity plummet* plunge* poor poorer poorest poorly poverty
        prison problem* propaganda psycho* quarrel* radicali* rant ranting recession refuse refused refuses
        regret* reject* relegat* repress* resent* ridicul* riot* rotten sabotage* sacked scar scare scared
        scares scariest scars scary screw_up screwup sentenced sham shame shamed shoddy shoot_me shut_the_fuck
        shut_up sicker sickness sidelined silly skeptic* sleepy slimy slow* slump* smfh sore soreness
        sorry_for_your stale starv* stench stink* stop_it stopped_working stress* sub_par subpar sued suing
        suppress* suspended suspension suspicio* tacky tasteless tedious terrified terrifying the_fuck the_hell
        threat threaten* threats tired tiredness too_bad torn_acl trouble* troubling tsk turmoil ugghh* ugh
        ughh* ugliest ugliness ugly underwhelm* unemploy* unfair* unfortunate* unhappiness unhappy unjust*
        unlawful unloved unlucky unreliable unrest unstable unusable unwanted upset upsets upsetting vandal*
        virus wack weirdo whack what_a_disappointment what_a_disgrace what_a_joke what_a_mess what_a_shame
        what_a_waste what_the_fuck what_the_hell who_the_fuck who_the_hell why_me why_the_fuck why_the_hell
        wish_i_was_dead wont_load wont_work worried worries worrisome worry worrying worse worsen* wound wrong
        wrongdoing wrongly wtf_is yuck* yuk
        -3: abuse* abusive abysmal* agony anger angrier angrily angry anguish appalled appalling* arrogance
        arrogant* ashamed assault* atrocious attack attacked attacker* attacks awful* backstab* behead* betray*
        bitch* bloody_hell blows bollocks bomb bombed bombing* bombs brain_dead braindead brainless
        breaks_my_heart broke_my_heart broken_heart brutal* bs bullied bully* cannot_stand cant_deal cant_stand
        cant_take_it casualt* catastroph* cheat* clown clowns clueless corrupt* crap crappiest crappy cried
        cries crook* cruel* cry crying dammit damn_it damnit dead deadly death deaths debacle deceit* deceiv*
        deceptive depress* despair* desperate desperately_sad desperation destroy* destruction destructive
        devastat* dick dickhead* didnt_like die died dies disaster* disastrous disgrace* dishonest* disrespect*
        doesnt_like doesnt_make_sense dogshit done_with_this dont_care dont_like dont_want_to_go doom doomed
        douche* dreadful* dumb dumbass dumber dumbest dumbfuck dying embarrass* enough_is_enough enrage*
        epic_fail fail failed failing fails failure* fake_ass fatal* fed_up ffs fiasco fml fool foolish* fools
        fraud* fuck fucked fucker* fucking fucks fuming furious* fury garbage gave_up give_up giving_up god_damn
        goddamn* greed greedy grief griefstricken grieve grieving gtfo gunfire gunman had_enough had_it_with
        harass* heart_breaking heart_broken heartache heartbreak* heartbroken hell hellish hoe hopeless*
        horrible horribly horrified horrifying horror horseshit hostage* hot_mess humiliat* hurt hurting hurts
        hurts_so hypocri* i_give_up idiocy idiot* ignoran* im_done imbecile* incompeten* inexcusable infuriat*
        injur* insult* irate jackass* joke_of junk kidnap* kill killed killer killers killing kills
        laughing_stock laughingstock let_down let_me_down let_us_down letdown liar liars lie lied lies livid
        living_hell lost_cause lousy lying mad_at make_no_sense makes_no_sense malicious mean_spirited mess
        mindless miserable miserably misery moron* mourn* nastier nastiest nasty nightmare* no_excuse no_respect
        no_sense no_way_to_treat not_a_fan not_acceptable not_cool not_fair not_funny not_good_enough not_great
        not_happy not_impressed not_ok not_okay not_worth offend* offensive outrage* over_it_already overdose*
        pain painful* pains pathetic* phony piss_off pissed pissed_off pisses_me pissing pointless poison* prick
        pricks rage raged raging retard* ridiculous* rip_off rip_offs ripoff ripped_off rob robbed robbery
        rubbish rude* ruin ruined ruining ruins sadden* sadder saddest sadly sadness scam scammed scammer*
        scamming scams scandal* screw_you screwed scum scumbag scumbags seething selfish* senseless shame_on
        shameful* shameless shit shite shits shitshow shittiest shitty shooting shootings shot_dead sick_of slut
        sluts smh so_done so_mad so_over_it sob sobbing sorrow* stabbed stabbing steal stealing stfu stole
        stolen stupid* suck sucked sucking sucks sucky suffer* suicidal suicide* sux tears terrible terribly
        theft thief thieves tired_of torment* tosser* toxic tragedies tragedy tragic* train_wreck trainwreck
        traitor* trash trashy twat* unacceptable* unforgivable ungrateful useless* venom* vicious* victim*
        violence violent* wanker* war wars waste waste_of wasted wasted_my wasteful wasting_my weep* whore*
        wicked worthless wounded wreck wrecked wtf wth
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
